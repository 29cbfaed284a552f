import { el } from "../../dom.js";

/** No such address. */
export function notFoundView() {
  return {
    title: "Not here · Slackwater",
    page: ["Not Found"],
    node: el(
      "div",
      { class: "wrap" },
      el("h1", { tabindex: "-1" }, "Washed away"),
      el(
        "div",
        { class: "empty" },
        el("p", {}, "There is nothing at this address. The tide may have had it, or there is a letter too many."),
        el("a", { class: "button", href: "/" }, "Back to the shop"),
      ),
    ),
  };
}
