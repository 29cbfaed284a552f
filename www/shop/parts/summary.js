import { el } from "../../dom.js";
import { money } from "../money.js";
import { picture } from "./picture.js";

/** What is being bought, for reading only. */
export function lineList(lines) {
  return el(
    "ul",
    { class: "brief-lines" },
    lines.map((line) =>
      el(
        "li",
        {},
        picture(line.product),
        el(
          "span",
          {},
          el("strong", {}, line.product.name),
          el("span", { class: "quiet" }, [line.variant, `× ${line.quantity}`].filter(Boolean).join(" ")),
        ),
        el("span", { class: "amount" }, money(line.quantity * line.product.price)),
      ),
    ),
  );
}

/**
 * Amounts that add up, in pence. Without `shipping` the sum is of the goods alone.
 * @param {{ subtotal: number, shipping?: number }} amounts
 */
export function totals({ subtotal, shipping }) {
  const row = (name, value, kind) => el("div", { class: kind }, el("dt", {}, name), el("dd", {}, value));
  const delivered = shipping !== undefined;
  return el(
    "dl",
    { class: "totals" },
    delivered && row("Goods", money(subtotal)),
    delivered && row("Delivery", shipping === 0 ? "Free" : money(shipping)),
    row(delivered ? "To pay" : "Goods", money(subtotal + (shipping ?? 0)), "sum"),
  );
}
