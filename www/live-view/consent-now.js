import { el } from "../dom.js";
import { facts, purposeChips, stampFacts, stampOf } from "./consent-stamp.js";

/** The consent that the latest event carries. */
export function createConsentNow(container) {
  function draw(event) {
    const stamp = event ? stampOf(event) : {};
    container.replaceChildren(
      el("h2", {}, "Consent on the latest event"),
      stamp.categoryPreferences
        ? el("p", { class: "chips" }, purposeChips(stamp))
        : el("p", { class: "nothing" }, "No event with a stamp yet."),
      facts(stampFacts(stamp)),
    );
  }
  draw();
  return {
    add: (events) => draw(events.at(-1)),
    clear: () => draw(),
  };
}
