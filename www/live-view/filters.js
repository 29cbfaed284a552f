import { el } from "../dom.js";
import { eventName } from "./format.js";

const TYPES = ["track", "page", "screen", "identify", "group", "alias"];

/**
 * Which events are shown: by type, and by a text in name, path or message id.
 * @param {() => void} onChange
 */
export function filterBar(onChange) {
  const hidden = new Set();
  const counts = new Map();
  const chips = el("span", { class: "types", role: "group", "aria-label": "Types" });
  const field = el("input", { type: "search", id: "filter", placeholder: "Name, path or message id" });
  field.addEventListener("input", onChange);

  function draw() {
    const known = TYPES.filter((type) => counts.get(type));
    chips.replaceChildren(
      ...known.map((type) =>
        el(
          "button",
          {
            type: "button",
            class: `type type-${type}`,
            "aria-pressed": String(!hidden.has(type)),
            "data-type": type,
            on: { click: () => toggle(type) },
          },
          type,
          el("span", { class: "type-count" }, counts.get(type)),
        ),
      ),
    );
  }

  function toggle(type) {
    if (!hidden.delete(type)) hidden.add(type);
    draw();
    chips.querySelector(`[data-type="${type}"]`).focus();
    onChange();
  }

  return {
    node: el("div", { class: "filters" }, el("label", { for: "filter" }, "Filter"), field, chips),
    count(event) {
      counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    },
    forget() {
      counts.clear();
      draw();
    },
    draw,
    lets(event) {
      const text = field.value.trim().toLowerCase();
      const about = `${eventName(event)} ${event.context?.page?.path ?? ""} ${event.messageId}`.toLowerCase();
      return !hidden.has(event.type) && about.includes(text);
    },
  };
}
