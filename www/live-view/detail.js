import { el } from "../dom.js";
import { facts, purposeChips, stampFacts, stampOf } from "./consent-stamp.js";
import { decisionsOf, words } from "./decisions.js";
import { span, timeOfDay } from "./format.js";
import { jsonText } from "./json-text.js";

/** Everything known about one event. */
export function eventDetail(event) {
  const stamp = stampOf(event);
  return el(
    "div",
    { class: "detail" },
    el(
      "div",
      { class: "detail-facts" },
      section("Decisions", decisionTable(event)),
      section("Consent stamp", el("p", { class: "chips" }, purposeChips(stamp)), facts(stampFacts(stamp))),
      section(
        "Time",
        facts([
          ["called", timeOfDay(event.timestamp)],
          ["sent", event.sentAt && timeOfDay(event.sentAt)],
          ["stored", timeOfDay(event.receivedAt)],
          ["call to store", span(Date.parse(event.receivedAt) - Date.parse(event.timestamp))],
        ]),
      ),
      section(
        "Who and where",
        facts([
          ["message", event.messageId],
          ["user", event.userId],
          ["anonymous", event.anonymousId],
          ["page", event.context?.page?.path],
          ["tab", event.context?.tidegate?.tab],
          ["sequence", event.context?.tidegate?.seq],
        ]),
      ),
    ),
    el(
      "div",
      { class: "detail-json" },
      el("div", { class: "detail-head" }, el("h3", {}, "Stored event"), copyButton(event)),
      jsonText(event),
    ),
  );
}

function decisionTable(event) {
  const decisions = decisionsOf(event);
  if (decisions.length === 0) return el("p", { class: "quiet" }, "The collector sent none.");
  return el(
    "ul",
    { class: "decisions" },
    decisions.map(({ kind, name, state, because }) =>
      el(
        "li",
        { class: `decision ${state}` },
        el("p", {}, el("span", { class: "quiet" }, kind), " ", name, " ", el("strong", {}, words[state] ?? state)),
        el(
          "ul",
          { class: "because" },
          because.map((rule) => el("li", {}, rule)),
        ),
      ),
    ),
  );
}

function section(title, ...children) {
  return el("section", {}, el("h3", {}, title), ...children);
}

function copyButton(event) {
  const button = el("button", { type: "button", class: "small" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(event, null, 2));
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed here";
    }
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  });
  return button;
}
