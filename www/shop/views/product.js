import { el } from "../../dom.js";
import { cart } from "../cart.js";
import { categoryName, findProduct, goesWith } from "../catalog.js";
import { FREE_FROM } from "../delivery.js";
import { money } from "../money.js";
import { announce, toast } from "../parts/announce.js";
import { picture } from "../parts/picture.js";
import { productCard } from "../parts/product-card.js";
import { quantityField } from "../parts/quantity.js";
import { waterGauge } from "../parts/water-gauge.js";
import * as track from "../track.js";
import { notFoundView } from "./not-found.js";

/** One product. */
export function productView(slug) {
  const product = findProduct(slug);
  if (!product) return notFoundView();
  const { name, category, price, line, story, details, option, water } = product;

  return {
    title: `${name} · Slackwater`,
    page: ["Product", { product_id: slug, product_name: name }],
    shown: () => track.productViewed(product),
    node: el(
      "div",
      { class: "wrap" },
      el(
        "nav",
        { class: "crumbs", "aria-label": "You are here" },
        el("a", { href: "/" }, "Everything"),
        el("a", { href: `/?category=${category}` }, categoryName(category)),
      ),
      el(
        "article",
        { class: "product" },
        picture(product),
        el(
          "div",
          { class: "product-words" },
          el("h1", { tabindex: "-1" }, name),
          el("p", { class: "product-line" }, line),
          el("p", { class: "product-price" }, money(price)),
          el("p", { class: "product-story" }, story),
          waterGauge(water),
          orderForm(product, option),
          el(
            "ul",
            { class: "details" },
            details.map((detail) => el("li", {}, detail)),
          ),
          el("p", { class: "quiet" }, `Post is free from ${money(FREE_FROM)}. Sixty days to change your mind.`),
        ),
      ),
      el(
        "section",
        { "aria-labelledby": "goes-with" },
        el("h2", { id: "goes-with", class: "goes-with" }, "Goes in the same bag"),
        el(
          "ul",
          { class: "shelf shelf-three" },
          goesWith(product).map((other, index) => productCard(other, index + 1)),
        ),
      ),
    ),
  };
}

function orderForm(product, option) {
  const quantity = quantityField({ value: 1, least: 1, label: "How many" });
  return el(
    "form",
    {
      class: "order-form",
      on: {
        submit(event) {
          event.preventDefault();
          const variant = option && new FormData(event.target).get("variant");
          const added = cart.add(product, variant, quantity.querySelector("input").valueAsNumber);
          if (added < 1) {
            announce(`Your cart already holds as many of these as one order can take: ${product.name}`);
            return;
          }
          track.productAdded(product, variant, added);
          toast(`${product.name} is in your cart.`, "/cart", "Look in the cart");
        },
      },
    },
    option &&
      el(
        "fieldset",
        { class: "options" },
        el("legend", {}, option.name),
        option.values.map((value, index) =>
          el(
            "label",
            {},
            el("input", { type: "radio", name: "variant", value, checked: index === 0 }),
            el("span", {}, value),
          ),
        ),
      ),
    el("div", { class: "order-row" }, quantity, el("button", { type: "submit", class: "button" }, "Add to cart")),
  );
}
