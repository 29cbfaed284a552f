import { el } from "../../dom.js";
import { categories } from "../products.js";

/** Shows the departments, the current one marked. */
export function showSections() {
  const current = location.pathname === "/" ? (new URLSearchParams(location.search).get("category") ?? "") : null;
  const link = (id, name) =>
    el("a", { href: id ? `/?category=${id}` : "/", "aria-current": current === id && "page" }, name);
  document
    .querySelector("#sections")
    .replaceChildren(link("", "Everything"), ...categories.map(({ id, name }) => link(id, name)));
}

/** Shows how many things are in the cart. */
export function showCartCount(cart) {
  const link = document.querySelector("#cart-link");
  const things = cart.count === 1 ? "1 thing" : `${cart.count} things`;
  link.setAttribute("aria-label", cart.count ? `Cart, ${things}` : "Cart, empty");
  link.replaceChildren("Cart", el("span", { class: cart.count ? "count" : "count none" }, cart.count));
}
