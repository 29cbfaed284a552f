import { el } from "../../dom.js";
import { methods } from "../delivery.js";
import { findOrder } from "../orders.js";
import { lineList, totals } from "../parts/summary.js";

/** What was ordered, and what happens now. */
export function thankYouView(id) {
  const order = findOrder(id);
  const heading = el("h1", { tabindex: "-1" }, order ? `Thank you, ${firstName(order.name)}` : "Thank you");
  return {
    title: "Thank you · Slackwater",
    page: ["Thank You", { order_id: id }],
    node: el(
      "div",
      { class: "wrap thanks" },
      heading,
      order ? receipt(order) : forgotten(id),
      el("a", { class: "button", href: "/" }, "Back to the shop"),
    ),
  };
}

function receipt(order) {
  const method = methods.find((candidate) => candidate.id === order.delivery);
  return el(
    "div",
    { class: "receipt" },
    el("p", { class: "order-number" }, "Order ", el("strong", {}, order.id)),
    el(
      "p",
      {},
      order.delivery === "collect"
        ? "It will be on the hook by the door from tomorrow, ten o'clock."
        : `It leaves the hut tomorrow: ${method.name.toLowerCase()}.`,
    ),
    el("p", { class: "quiet" }, `A copy would go to ${order.email}, if this were not a demonstration.`),
    lineList(order.lines),
    totals({ subtotal: order.subtotal, shipping: order.shipping }),
  );
}

function forgotten(id) {
  return el(
    "p",
    {},
    `Order ${id} was placed in another tab or before this page was loaded anew, and this shop keeps nothing on your device. Its confirmation has the details.`,
  );
}

const firstName = (name) => name.trim().split(/\s+/)[0];
