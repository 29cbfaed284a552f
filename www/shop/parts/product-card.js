import { el } from "../../dom.js";
import { money } from "../money.js";
import * as track from "../track.js";
import { picture } from "./picture.js";

/** One product in a list; `position` counts from 1. */
export function productCard(product, position) {
  return el(
    "li",
    { class: "card" },
    picture(product, { lazy: position > 8 }),
    el(
      "h3",
      {},
      el(
        "a",
        { href: `/products/${product.slug}`, on: { click: () => track.productClicked(product, position) } },
        product.name,
      ),
    ),
    el("p", { class: "card-price" }, money(product.price)),
    el("p", { class: "card-line" }, product.line),
  );
}
