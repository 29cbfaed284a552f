import { el } from "../../dom.js";
import { COLDEST, WARMEST } from "./water-gauge.js";

/** What the sea usually measures on a British coast, °C, January first. */
const USUAL = [8, 7, 8, 9, 11, 14, 16, 17, 16, 14, 11, 9];

const advice = [
  { upTo: 5, text: "Bitter. Everything on, a short dip, and somebody watching." },
  { upTo: 9, text: "Cold. Hands and feet go first, so dress them first." },
  { upTo: 13, text: "Brisk. You will talk about it all day." },
  { upTo: 16, text: "Fresh. Stay in a while, bring a towel." },
  { upTo: WARMEST, text: "As warm as it gets. Somebody will call it tropical." },
];

/**
 * Asks for the water's temperature. `onMove` runs while the slider moves, `onSettle` when it rests; both get °C, or
 * null for "any water".
 */
export function waterCard({ water, onMove, onSettle }) {
  const usual = USUAL[new Date().getMonth()];
  const figure = el("output", { class: "water-figure", for: "water" });
  const words = el("p", { class: "water-words" });
  const slider = el("input", {
    type: "range",
    id: "water",
    min: COLDEST,
    max: WARMEST,
    step: 1,
    value: water ?? usual,
  });
  const any = el("button", { type: "button", class: "plain" }, "Show kit for any water");

  const show = (degrees) => {
    const shown = degrees ?? usual;
    figure.textContent = `${shown}°`;
    slider.setAttribute("aria-valuetext", `${shown} degrees Celsius`);
    words.textContent =
      degrees === null
        ? "What it usually is this month. Move the slider to see only what suits your water."
        : advice.find(({ upTo }) => shown <= upTo).text;
    any.hidden = degrees === null;
  };

  slider.addEventListener("input", () => {
    show(slider.valueAsNumber);
    onMove(slider.valueAsNumber);
  });
  slider.addEventListener("change", () => onSettle(slider.valueAsNumber));
  any.addEventListener("click", () => {
    slider.value = String(usual);
    slider.focus();
    show(null);
    onMove(null);
    onSettle(null);
  });

  show(water);
  return el(
    "div",
    { class: "water-card" },
    el("label", { for: "water" }, "How cold is your water?"),
    figure,
    slider,
    words,
    any,
  );
}
