import { cart } from "./cart.js";
import { askForConsent } from "./consent.js";
import { announce } from "./parts/announce.js";
import { showCartCount, showSections } from "./parts/masthead.js";
import { startRouter } from "./router.js";
import * as track from "./track.js";
import { cartView } from "./views/cart.js";
import { catalogueView } from "./views/catalogue.js";
import { checkoutView } from "./views/checkout.js";
import { notFoundView } from "./views/not-found.js";
import { productView } from "./views/product.js";
import { thankYouView } from "./views/thank-you.js";

const routes = [
  { path: /^\/$/, view: (_, query) => catalogueView(query) },
  { path: /^\/products\/([^/]+)\/?$/, view: ([slug]) => productView(slug) },
  { path: /^\/cart\/?$/, view: cartView },
  { path: /^\/checkout\/?$/, view: checkoutView },
  { path: /^\/thank-you\/([^/]+)\/?$/, view: ([order]) => thankYouView(order) },
  { path: /^/, view: notFoundView },
];

/**
 * Puts a view on the page, then reports it: address and title are in place by then.
 * @param {{ title: string, page: [string, object?], node: Node, shown?: () => void }} view
 */
function render(view, how) {
  document.title = view.title;
  document.querySelector("#main").replaceChildren(view.node);
  showSections();
  if (how !== "load") {
    document.querySelector("#main h1")?.focus({ preventScroll: true });
    announce(view.title);
  }
  if (how === "push") scrollTo({ top: 0, behavior: "instant" });
  track.page(...view.page);
  view.shown?.();
}

cart.onChange(showCartCount);
cart.onChange(track.cartChanged);
showCartCount(cart);
startRouter(routes, render);
askForConsent(document.querySelector("#privacy-choices"));
