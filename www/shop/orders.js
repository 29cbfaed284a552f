import { deliveryPrice } from "./delivery.js";

/** Orders of this visit. A real shop would ask its server. */
const orders = new Map();

/**
 * Places an order for what is in the cart.
 * @param {{ checkoutId: string, lines: readonly import("./cart.js").Line[], subtotal: number, delivery: string, payment: string, name: string, email: string }} request
 */
export function placeOrder(request) {
  const shipping = deliveryPrice(request.delivery, request.subtotal);
  const lines = request.lines.map((line) => ({ ...line }));
  const order = { ...request, id: orderId(), lines, shipping, total: request.subtotal + shipping };
  orders.set(order.id, order);
  return order;
}

/** An order placed in this visit, or undefined. */
export function findOrder(id) {
  return orders.get(id);
}

/** A short reference that nobody mistakes for an amount: `SW-7KQ4XM`. */
function orderId() {
  return `SW-${code(6)}`;
}

/** Random letters and digits, the lookalikes left out. */
export function code(length) {
  const alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
}
