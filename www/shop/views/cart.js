import { el } from "../../dom.js";
import { cart } from "../cart.js";
import { FREE_FROM } from "../delivery.js";
import { money } from "../money.js";
import { announce, hideToast } from "../parts/announce.js";
import { picture } from "../parts/picture.js";
import { quantityField } from "../parts/quantity.js";
import { totals } from "../parts/summary.js";
import * as track from "../track.js";

/** The cart, to change and to go on from. */
export function cartView() {
  hideToast();
  const node = el("div", { class: "wrap" });
  const heading = el("h1", { tabindex: "-1" }, "Your cart");

  function change(line, quantity) {
    const difference = cart.change(line, quantity);
    const { product, variant } = line;
    if (difference > 0) track.productAdded(product, variant, difference);
    if (difference < 0) track.productRemoved(product, variant, -difference);
    announce(`${product.name}: ${line.quantity}. Goods ${money(cart.subtotal)}.`);
    if (line.quantity === 0) {
      fill();
      heading.focus();
    } else {
      for (const update of updates) update();
    }
  }

  let updates = [];
  function fill() {
    updates = [];
    node.replaceChildren(heading, cart.count ? contents() : empty());
  }

  function contents() {
    const aside = el("div", {});
    const sums = () =>
      aside.replaceChildren(
        totals({ subtotal: cart.subtotal }),
        el(
          "p",
          { class: "quiet" },
          cart.subtotal >= FREE_FROM
            ? "Post is free for this cart."
            : `${money(FREE_FROM - cart.subtotal)} more and post is free.`,
        ),
      );
    sums();
    updates.push(sums);
    return el(
      "div",
      { class: "till" },
      el("ul", { class: "lines" }, cart.lines.map(row)),
      el(
        "aside",
        { class: "slip", "aria-label": "What it comes to" },
        aside,
        el("a", { class: "button", href: "/checkout" }, "Go to checkout"),
        el("a", { class: "onwards", href: "/" }, "Keep looking"),
      ),
    );
  }

  function row(line) {
    const { product, variant } = line;
    const amount = el("p", { class: "amount" });
    const show = () => {
      amount.textContent = money(line.quantity * product.price);
    };
    show();
    updates.push(show);
    return el(
      "li",
      {},
      picture(product),
      el(
        "div",
        { class: "line-words" },
        el("h2", {}, el("a", { href: `/products/${product.slug}` }, product.name)),
        el("p", { class: "quiet" }, [variant, money(product.price)].filter(Boolean).join(" · ")),
      ),
      quantityField({
        value: line.quantity,
        least: 1,
        label: `How many: ${product.name}`,
        onChange: (value) => change(line, value),
      }),
      amount,
      el(
        "button",
        {
          type: "button",
          class: "plain",
          "aria-label": `Remove ${product.name}`,
          on: { click: () => change(line, 0) },
        },
        "Remove",
      ),
    );
  }

  fill();
  return {
    title: "Your cart · Slackwater",
    page: ["Cart", { quantity: cart.count }],
    shown: () => track.cartViewed(cart),
    node,
  };
}

function empty() {
  return el(
    "div",
    { class: "empty" },
    el("p", {}, "Nothing in it yet. If your water is cold, start with a hat."),
    el("a", { class: "button", href: "/products/watch-cap" }, "See the hat"),
    el("a", { class: "onwards", href: "/" }, "Look at everything"),
  );
}
