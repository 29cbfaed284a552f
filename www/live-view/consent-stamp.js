import { el } from "../dom.js";

/** The consent an event carries, or an empty stamp. */
export function stampOf(event) {
  return event.context?.consent ?? {};
}

/** A chip a purpose: granted or not. */
export function purposeChips(stamp) {
  const purposes = Object.entries(stamp.categoryPreferences ?? {});
  return purposes.map(([purpose, granted]) =>
    el(
      "span",
      { class: granted ? "chip granted" : "chip denied", title: `${purpose}: ${granted ? "granted" : "not granted"}` },
      el("span", { "aria-hidden": "true" }, granted ? "✓" : "✕"),
      el("span", { class: "visually-hidden" }, granted ? "granted: " : "not granted: "),
      purpose,
    ),
  );
}

/** The stamp in a table of facts. */
export function stampFacts(stamp) {
  return [
    ["revision", stamp.rev],
    ["captured under", stamp.capturedRev !== undefined && `revision ${stamp.capturedRev}`],
    ["decided by", stamp.source],
    ["model", stamp.model],
  ];
}

/** Names and values, those without a value left out. */
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== false && value !== "");
  return el(
    "dl",
    { class: "facts" },
    known.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}
