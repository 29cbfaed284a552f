import { el } from "../../dom.js";

/** Coldest and warmest water the shop caters for, °C. */
export const COLDEST = 2;
export const WARMEST = 20;

/** A scale from cold to warm with the span a product is made for. */
export function waterGauge([from, to]) {
  const share = (degrees) => `${((degrees - COLDEST) / (WARMEST - COLDEST)) * 100}%`;
  const span = el("span", { class: "gauge-span" });
  span.style.left = share(from);
  span.style.right = `calc(100% - ${share(to)})`;
  return el(
    "div",
    { class: "gauge" },
    el("p", { class: "gauge-label" }, "Made for ", el("strong", {}, inWords(from, to))),
    el("div", { class: "gauge-track", "aria-hidden": "true" }, span),
    el(
      "p",
      { class: "gauge-ends", "aria-hidden": "true" },
      el("span", {}, `${COLDEST}°`),
      el("span", {}, `${WARMEST}°`),
    ),
  );
}

function inWords(from, to) {
  if (from === COLDEST && to === WARMEST) return "any water";
  if (from === COLDEST) return `water up to ${to} °C`;
  return to === WARMEST ? `water from ${from} °C` : `water from ${from} to ${to} °C`;
}
