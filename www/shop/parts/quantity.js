import { el } from "../../dom.js";
import { MOST } from "../cart.js";

/**
 * A number with a button on either side.
 * @param {{ value: number, least: number, label: string, onChange?: (value: number) => void }} options
 */
export function quantityField({ value, least, label, onChange }) {
  const input = el("input", {
    type: "number",
    inputmode: "numeric",
    min: least,
    max: MOST,
    value,
    "aria-label": label,
    on: { change: () => set(input.valueAsNumber) },
  });
  const button = (text, step, name) =>
    el("button", { type: "button", "aria-label": name, on: { click: () => set(input.valueAsNumber + step) } }, text);
  const set = (wanted) => {
    const next = Math.min(MOST, Math.max(least, Math.round(wanted) || least));
    input.value = String(next);
    onChange?.(next);
  };
  return el("span", { class: "quantity" }, button("−", -1, "One fewer"), input, button("+", 1, "One more"));
}
