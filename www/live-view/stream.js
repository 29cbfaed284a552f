import { el } from "../dom.js";
import { filterBar } from "./filters.js";
import { eventRow } from "./row.js";

/** Rows kept on the page. The store has the rest. */
const MOST = 500;

/** The list of events, newest on top. */
export function createStream(container) {
  let shown = [];
  const list = el("ol", { class: "rows" });
  const note = el("p", { class: "quiet note", hidden: true });
  const empty = emptyState();
  const filters = filterBar(refilter);
  container.replaceChildren(filters.node, note, empty, list);
  list.addEventListener("keydown", moveBetweenRows);

  function refilter() {
    let left = 0;
    for (const { event, row } of shown) {
      row.hidden = !filters.lets(event);
      if (!row.hidden) left += 1;
    }
    empty.hidden = shown.length > 0;
    filters.node.hidden = shown.length === 0;
    note.hidden = shown.length === 0 || (left > 0 && shown.length < MOST);
    note.textContent =
      left === 0 ? "No event fits the filter." : `The latest ${MOST} events. Older ones are in the store.`;
  }

  refilter();
  return {
    /** Adds events, oldest first. */
    add(events, fresh) {
      const added = events.map((event) => ({ event, row: eventRow(event, fresh) })).reverse();
      for (const event of events) filters.count(event);
      list.prepend(...added.map(({ row }) => row));
      shown = [...added, ...shown];
      for (const { row } of shown.splice(MOST)) row.remove();
      filters.draw();
      refilter();
    },
    clear() {
      shown = [];
      list.replaceChildren();
      filters.forget();
      refilter();
    },
  };
}

/** Arrow keys go from row to row; Tab still reaches everything. */
function moveBetweenRows(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (!event.target.matches(".row-head")) return;
  const heads = [...this.querySelectorAll(".row:not([hidden]) > .row-head")];
  const next = heads[heads.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function emptyState() {
  const step = (title, text) => el("li", {}, el("strong", {}, title), el("span", {}, text));
  return el(
    "div",
    { class: "empty" },
    el("h2", {}, "No event has arrived yet"),
    el(
      "ol",
      {},
      step(
        "Open the shop in another tab.",
        "Its page view is captured at once and waits: nobody has agreed to anything.",
      ),
      step("Answer the banner.", "Accept analytics, and what waited arrives here with the time it was made."),
      step("Walk around and buy a hat.", "Each line shows the consent it was made under and where it was let through."),
      step("Change your mind.", "Privacy choices, at the foot of the shop, closes the gate again."),
    ),
    el("a", { class: "primary", href: "/", target: "_blank", rel: "noopener" }, "Open the shop"),
  );
}
