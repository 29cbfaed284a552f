import { el } from "../../dom.js";
import { deliveryPrice, methods } from "../delivery.js";
import { money } from "../money.js";

/** Who it is for and where it goes, with what was typed before. */
export function contactFields(known) {
  const field = (name, label, attributes) =>
    el(
      "p",
      { class: `field field-${name}` },
      el("label", { for: name }, label),
      el("input", { id: name, name, required: true, maxlength: 120, value: known[name], ...attributes }),
    );
  return el(
    "div",
    { class: "fields" },
    field("email", "E-mail", { type: "email", autocomplete: "email" }),
    el(
      "label",
      { class: "tick" },
      el("input", { type: "checkbox", name: "newsletter", value: "yes", checked: known.newsletter }),
      el("span", {}, "Send me the tide letter, once a month"),
    ),
    field("name", "Name", { autocomplete: "name" }),
    field("street", "Street and number", { autocomplete: "street-address" }),
    field("town", "Town", { autocomplete: "address-level2" }),
    field("postcode", "Postcode", { autocomplete: "postal-code", maxlength: 10 }),
  );
}

/** How it gets there. */
export function deliveryFields(chosen, subtotal, onChange) {
  return choices(
    "delivery",
    "How it gets to you",
    methods.map(({ id, name }) => {
      const price = deliveryPrice(id, subtotal);
      return { id, name, note: price === 0 ? "Free" : money(price) };
    }),
    chosen,
    onChange,
  );
}

/** How it is paid. The shop takes no card numbers. */
export function paymentFields() {
  return choices(
    "payment",
    "How you pay",
    [
      { id: "invoice", name: "By invoice", note: "Within 14 days" },
      { id: "on-collection", name: "At the hut", note: "Cash or card" },
    ],
    "invoice",
  );
}

function choices(name, legend, options, chosen, onChange) {
  return el(
    "fieldset",
    { class: "choices" },
    el("legend", {}, legend),
    options.map((option) =>
      el(
        "label",
        {},
        el("input", {
          type: "radio",
          name,
          value: option.id,
          checked: option.id === chosen,
          on: { change: () => onChange?.(option.id) },
        }),
        el("span", {}, option.name),
        el("span", { class: "note" }, option.note),
      ),
    ),
  );
}
