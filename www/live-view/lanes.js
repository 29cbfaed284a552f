import { el, svg } from "../dom.js";
import { decisionsOf, words } from "./decisions.js";

const SECONDS = 120;
const HEIGHT = 26;
/** An event that arrived this much later than it was called trails a line back to its call. */
const TRAIL_MS = 1500;
/** Bar heights by state, so that colour is not the only sign. */
const tall = { allow: 18, pending: 10, idle: 6, deny: 6 };

function tallyText({ allow, pending, deny }) {
  return [`${allow} through`, pending > 0 && `${pending} waiting`, `${deny} denied`].filter(Boolean).join(" · ");
}

/**
 * A strip a destination or tag, with a mark an event: when it arrived, and what the gate said. Units of the drawing
 * are seconds; now is on the right.
 */
export function createLanes(container) {
  const lanes = new Map();
  const began = Date.now();
  const axis = el(
    "div",
    { class: "lane-axis", "aria-hidden": "true" },
    [120, 90, 60, 30].map((seconds) => el("span", {}, `−${seconds} s`)),
    el("span", {}, "now"),
  );
  const legend = el(
    "p",
    { class: "legend", "aria-hidden": "true" },
    Object.entries(words).map(([state, word]) => el("span", { class: `dot ${state}` }, word)),
  );
  container.replaceChildren(axis, legend);
  container.hidden = true;

  const at = (iso) => (Date.parse(iso) - began) / 1000;

  function lane({ subject, kind, name }) {
    const marks = svg("g");
    const tally = el("span", { class: "tally" });
    const drawing = svg(
      "svg",
      { viewBox: `0 0 ${SECONDS} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      [30, 60, 90].map((x) => svg("path", { class: "grid", d: `M${x} 0V${HEIGHT}` })),
      marks,
    );
    const node = el(
      "div",
      { class: "lane" },
      el("p", { class: "lane-name" }, el("span", { class: "quiet" }, kind), " ", el("strong", {}, name)),
      drawing,
      tally,
    );
    const created = { marks, tally, counts: { allow: 0, idle: 0, pending: 0, deny: 0 }, last: "" };
    lanes.set(subject, created);
    container.insertBefore(node, axis);
    container.hidden = false;
    return created;
  }

  function mark(event, decision) {
    const known = lanes.get(decision.subject) ?? lane(decision);
    const { marks, counts } = known;
    const { state } = decision;
    counts[state] = (counts[state] ?? 0) + 1;
    known.tally.textContent = tallyText(counts);
    const arrived = at(event.receivedAt);
    const called = at(event.timestamp);
    // A burst is one mark: what lies on top of each other cannot be told apart.
    const place = `${state} ${arrived.toFixed(1)} ${called.toFixed(1)}`;
    if (Number.isNaN(arrived) || place === known.last) return;
    known.last = place;
    const height = tall[state] ?? 6;
    if ((arrived - called) * 1000 > TRAIL_MS && state === "allow") {
      marks.append(svg("path", { class: "trail", d: `M${called} ${HEIGHT / 2}H${arrived}`, "data-until": arrived }));
    }
    marks.append(
      svg("path", {
        class: `mark ${state}`,
        d: `M${arrived} ${(HEIGHT - height) / 2}v${height}`,
        "data-until": arrived,
      }),
    );
  }

  function advance() {
    const now = (Date.now() - began) / 1000;
    for (const { marks } of lanes.values()) {
      marks.setAttribute("transform", `translate(${SECONDS - now} 0)`);
      while (marks.firstChild && Number(marks.firstChild.dataset.until) < now - SECONDS - 5) marks.firstChild.remove();
    }
  }
  setInterval(advance, 500);

  return {
    add(events) {
      for (const event of events) for (const decision of decisionsOf(event)) mark(event, decision);
      advance();
    },
    clear() {
      lanes.clear();
      container.replaceChildren(axis, legend);
      container.hidden = true;
    },
  };
}
