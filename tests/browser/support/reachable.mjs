/**
 * Whether a person could click the element: it is on the screen and nothing lies over it, as while it fades in.
 * Runs in the page.
 * @param {string} selector
 */
export function reachable(selector) {
  const element = document.querySelector(selector);
  element?.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, width, height } = element?.getBoundingClientRect() ?? new DOMRect();
  return !!element?.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}
