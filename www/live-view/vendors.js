import { el } from "../dom.js";
import { timeOfDay } from "./format.js";

const POLL_MS = 1400;
const SHOWN = 12;

/** What reached the servers that stand in for the vendors: the proof of what the gate let out. */
export function followVendors(container) {
  let before = "";
  draw(container, {});
  async function look() {
    try {
      const response = await fetch("/demo/hits", { cache: "no-store" });
      const text = await response.text();
      if (response.ok && text !== before) {
        draw(container, JSON.parse(text));
        before = text;
      }
    } catch {
      // The stream says already that the collector is away.
    }
    setTimeout(look, POLL_MS);
  }
  look();
}

function draw(container, { recent = [], ...counts }) {
  const paths = Object.entries(counts).filter(([, count]) => typeof count === "number");
  container.replaceChildren(...panel(paths, recent));
}

function panel(paths, recent) {
  return [
    el("h2", {}, "What reached the vendors"),
    el("p", { class: "quiet" }, "Local stand-ins take what the tags send."),
    paths.length === 0
      ? el("p", { class: "nothing" }, "Nothing. Accept advertising in the shop, and the vendor's script loads.")
      : el(
          "dl",
          { class: "hits" },
          paths.map(([path, count]) => el("div", {}, el("dt", {}, path), el("dd", {}, count))),
        ),
    el("ol", { class: "recent", hidden: recent.length === 0 }, recent.slice(-SHOWN).reverse().map(line)),
  ];
}

function line(hit) {
  return el("li", {}, el("time", {}, timeOfDay(hit.at).slice(0, 8)), el("span", { title: hit.path }, about(hit)));
}

/** What a request was about: the vendor's event, or the pixel's parameters. */
function about({ body, path, query }) {
  const sent = new URLSearchParams(body).get("data");
  if (!sent) return `${path.split("/").pop()} ${new URLSearchParams(query)}`;
  try {
    const { event, $set, $set_once } = JSON.parse(sent);
    if (event) return event;
    return `profile: ${Object.keys($set ?? $set_once ?? {}).join(", ")}`;
  } catch {
    return path;
  }
}
