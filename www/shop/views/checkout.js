import { el } from "../../dom.js";
import { cart } from "../cart.js";
import { deliveryPrice, methods } from "../delivery.js";
import { money } from "../money.js";
import { code, placeOrder } from "../orders.js";
import { hideToast } from "../parts/announce.js";
import { contactFields, deliveryFields, paymentFields } from "../parts/checkout-fields.js";
import { lineList, totals } from "../parts/summary.js";
import { navigate } from "../router.js";
import * as track from "../track.js";

/** Checkout in two steps: who and where, then how. */
export function checkoutView() {
  hideToast();
  const page = { title: "Checkout · Slackwater", page: ["Checkout"] };
  if (cart.count === 0) return { ...page, node: nothingToBuy() };

  const checkoutId = `ck_${code(10)}`;
  const slip = el("aside", { class: "slip", "aria-label": "Your order" });
  const place = el("button", { type: "submit", class: "button" });
  const stage = el("div", { class: "steps" });
  const contact = {};
  let delivery = methods[0].id;

  function showSlip() {
    const shipping = deliveryPrice(delivery, cart.subtotal);
    slip.replaceChildren(
      el("h2", {}, "Your order"),
      lineList(cart.lines),
      totals({ subtotal: cart.subtotal, shipping }),
    );
    place.textContent = `Place the order, ${money(cart.subtotal + shipping)}`;
  }

  function showStep(step, focus) {
    const heading = (number, text) => el("h2", { tabindex: "-1" }, el("span", { class: "step-number" }, number), text);
    const first =
      step === 1
        ? form(finishDetails, heading(1, "You"), contactFields(contact), submit("Go on to delivery"))
        : el(
            "div",
            { class: "step done" },
            heading(1, "You"),
            el("p", {}, `${contact.name}, ${contact.email}`),
            el("p", {}, [contact.street, contact.town, contact.postcode].join(", ")),
            el("button", { type: "button", class: "plain", on: { click: () => showStep(1, true) } }, "Change"),
          );
    const second =
      step === 1
        ? el("div", { class: "step later" }, heading(2, "Delivery and payment"))
        : form(
            finishOrder,
            heading(2, "Delivery and payment"),
            deliveryFields(delivery, cart.subtotal, (id) => {
              delivery = id;
              showSlip();
            }),
            paymentFields(),
            place,
          );
    stage.replaceChildren(first, second);
    if (focus) stage.children[step - 1].querySelector("h2").focus();
    track.checkoutStepViewed(checkoutId, step);
  }

  function finishDetails(fields) {
    Object.assign(contact, fields, { newsletter: fields.newsletter === "yes" });
    track.checkoutStepCompleted(checkoutId, 1);
    showStep(2, true);
  }

  function finishOrder({ payment }) {
    track.checkoutStepCompleted(checkoutId, 2, { shipping_method: delivery, payment_method: payment });
    if (contact.newsletter) track.newsletterRequested(contact.email);
    const { name, email } = contact;
    const order = placeOrder({
      checkoutId,
      lines: cart.lines,
      subtotal: cart.subtotal,
      delivery,
      payment,
      name,
      email,
    });
    track.orderCompleted(order);
    cart.empty();
    navigate(`/thank-you/${order.id}`);
  }

  showSlip();
  return {
    ...page,
    shown() {
      track.checkoutStarted(checkoutId, cart);
      showStep(1, false);
    },
    node: el(
      "div",
      { class: "wrap" },
      el("h1", { tabindex: "-1" }, "Checkout"),
      el("div", { class: "till" }, stage, slip),
    ),
  };
}

/** A step: its fields are checked by the browser, then handed on by name. */
function form(finish, ...children) {
  const submitted = (event) => {
    event.preventDefault();
    finish(Object.fromEntries(new FormData(event.target)));
  };
  return el("form", { class: "step", on: { submit: submitted } }, ...children);
}

function submit(text) {
  return el("button", { type: "submit", class: "button" }, text);
}

function nothingToBuy() {
  return el(
    "div",
    { class: "wrap" },
    el("h1", { tabindex: "-1" }, "Checkout"),
    el(
      "div",
      { class: "empty" },
      el("p", {}, "There is nothing in your cart to pay for. An order empties it, and so does loading the page anew."),
      el("a", { class: "button", href: "/" }, "Look at everything"),
    ),
  );
}
