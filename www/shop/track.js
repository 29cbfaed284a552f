// Everything the shop reports, named as in Segment's e-commerce spec:
// https://segment.com/docs/connections/spec/ecommerce/v2/

import { categoryName } from "./catalog.js";
import { CURRENCY, decimal } from "./money.js";

const BRAND = "Slackwater";

function track(event, properties) {
  window.analytics?.track(event, properties);
}

/** A view was shown. Call it once address and title are in place. */
export function page(name, properties) {
  window.analytics?.page(name, properties);
}

/** Tells the data layer what is in the cart. */
export function cartChanged(cart) {
  window.analytics?.data?.push({
    ecommerce: { currency: CURRENCY, cart: { value: decimal(cart.subtotal), quantity: cart.count } },
  });
}

export function productsSearched(query) {
  track("Products Searched", { query });
}

export function productListViewed(list, shown) {
  track("Product List Viewed", { ...list, products: shown.map(listed) });
}

export function productListFiltered(list, filters, shown) {
  track("Product List Filtered", { ...list, filters, products: shown.map(listed) });
}

export function productClicked(product, position) {
  track("Product Clicked", { ...properties(product), position });
}

export function productViewed(product) {
  track("Product Viewed", { ...properties(product), currency: CURRENCY, value: decimal(product.price) });
}

export function productAdded(product, variant, quantity) {
  track("Product Added", { ...properties(product, variant), quantity, currency: CURRENCY });
}

export function productRemoved(product, variant, quantity) {
  track("Product Removed", { ...properties(product, variant), quantity, currency: CURRENCY });
}

export function cartViewed(cart) {
  track("Cart Viewed", { ...amounts(cart), products: cart.lines.map(ordered) });
}

export function checkoutStarted(checkoutId, cart) {
  track("Checkout Started", {
    checkout_id: checkoutId,
    revenue: decimal(cart.subtotal),
    ...amounts(cart),
    products: cart.lines.map(ordered),
  });
}

export function checkoutStepViewed(checkoutId, step) {
  track("Checkout Step Viewed", { checkout_id: checkoutId, step });
}

export function checkoutStepCompleted(checkoutId, step, choices) {
  track("Checkout Step Completed", { checkout_id: checkoutId, step, ...choices });
}

export function orderCompleted(order) {
  window.analytics?.data?.push({ ecommerce: { currency: CURRENCY, orderId: order.id } });
  track("Order Completed", {
    checkout_id: order.checkoutId,
    order_id: order.id,
    revenue: decimal(order.subtotal),
    shipping: decimal(order.shipping),
    tax: 0,
    total: decimal(order.total),
    currency: CURRENCY,
    products: order.lines.map(ordered),
  });
}

/**
 * Somebody asked for the newsletter. Only then does an address become a trait; a guest who just buys stays
 * anonymous, and an e-mail address is never a user id.
 */
export function newsletterRequested(email) {
  window.analytics?.identify({ email, newsletter: true });
}

function properties(product, variant) {
  return {
    product_id: product.slug,
    sku: product.sku,
    name: product.name,
    brand: BRAND,
    category: categoryName(product.category),
    ...(variant && { variant }),
    price: decimal(product.price),
    url: `${location.origin}/products/${product.slug}`,
    image_url: `${location.origin}/shop/pictures/${product.slug}.svg`,
  };
}

const listed = (product, index) => ({ ...properties(product), position: index + 1 });

const ordered = (line) => ({ ...properties(line.product, line.variant), quantity: line.quantity });

const amounts = (cart) => ({ value: decimal(cart.subtotal), currency: CURRENCY });
