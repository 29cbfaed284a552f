import { el } from "../dom.js";
import { purposeChips, stampOf } from "./consent-stamp.js";
import { decisionsOf, words } from "./decisions.js";
import { eventDetail } from "./detail.js";
import { eventName, span, timeOfDay } from "./format.js";

/** An event that took longer than this to arrive has waited, for consent or for the network. */
const WAITED_MS = 3000;

/** One event of the stream: a line that opens to everything known about it. */
export function eventRow(event, fresh) {
  const stamp = stampOf(event);
  const waited = Date.parse(event.receivedAt) - Date.parse(event.timestamp);
  const head = el(
    "button",
    { type: "button", class: "row-head", "aria-expanded": "false" },
    el("time", { datetime: event.timestamp }, timeOfDay(event.timestamp)),
    el("span", { class: `type type-${event.type}` }, event.type ?? "?"),
    el(
      "span",
      { class: "name" },
      el("strong", {}, eventName(event)),
      event.context?.page?.path && el("span", { class: "path" }, event.context.page.path),
      waited > WAITED_MS && el("span", { class: "waited" }, `waited ${span(waited)}`),
    ),
    el(
      "span",
      { class: "consent" },
      el(
        "span",
        { class: "rev", title: `Consent revision, decided by ${stamp.source ?? "nobody"}` },
        `r${stamp.rev ?? "–"}`,
      ),
      purposeChips(stamp),
      stamp.source && el("span", { class: "source" }, stamp.source),
    ),
    el(
      "span",
      { class: "verdicts" },
      decisionsOf(event).map(({ name, state, because }) =>
        el(
          "span",
          { class: `dot ${state}`, title: `${name} ${words[state] ?? state}: ${because.join("; ")}` },
          name,
          el("span", { class: "visually-hidden" }, ` ${words[state] ?? state}`),
        ),
      ),
    ),
  );
  const row = el("li", { class: fresh ? "row fresh" : "row" }, head);
  head.addEventListener("click", () => {
    const open = head.getAttribute("aria-expanded") === "true";
    head.setAttribute("aria-expanded", String(!open));
    if (open) row.querySelector(".detail").remove();
    else row.append(eventDetail(event));
  });
  return row;
}
