import { el } from "../../dom.js";

let timer;

/** Tells screen readers. */
export function announce(text) {
  document.querySelector("#announcer").textContent = text;
}

/** Tells everybody, for a while, with a link to go on. */
export function toast(text, href, label) {
  const box = document.querySelector("#toast");
  box.replaceChildren(el("span", {}, text), el("a", { href }, label));
  box.hidden = false;
  announce(text);
  clearTimeout(timer);
  timer = setTimeout(() => {
    box.hidden = true;
  }, 5000);
}

/** Takes the toast away, for a view that shows the same. */
export function hideToast() {
  document.querySelector("#toast").hidden = true;
}
