/**
 * The cart. It lives in memory only: the shop stores nothing on the visitor's device.
 * @typedef {{ product: import("./products.js").Product, variant?: string, quantity: number }} Line
 */

/** @type {Line[]} */
let lines = [];
const listeners = new Set();

/** How many of one thing can be ordered. */
export const MOST = 9;

export const cart = {
  get lines() {
    return lines;
  },
  /** Number of things, not of lines. */
  get count() {
    return lines.reduce((sum, line) => sum + line.quantity, 0);
  },
  /** Pence, without delivery. */
  get subtotal() {
    return lines.reduce((sum, line) => sum + line.quantity * line.product.price, 0);
  },

  /** Adds some; returns how many were added, which is fewer at the limit. */
  add(product, variant, quantity) {
    const found = lines.find((line) => line.product === product && line.variant === variant);
    if (found) return this.change(found, found.quantity + quantity);
    lines = [...lines, { product, variant, quantity }];
    notify();
    return quantity;
  },

  /** Sets a line's quantity, 0 removes it; returns the difference. */
  change(line, quantity) {
    const wanted = Math.max(0, Math.min(MOST, quantity));
    const difference = wanted - line.quantity;
    line.quantity = wanted;
    lines = lines.filter((kept) => kept.quantity > 0);
    if (difference !== 0) notify();
    return difference;
  },

  empty() {
    lines = [];
    notify();
  },

  onChange(listener) {
    listeners.add(listener);
  },
};

function notify() {
  for (const listener of listeners) listener(cart);
}
