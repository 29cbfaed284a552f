/** Goods worth this many pence go by the standard method for nothing. */
export const FREE_FROM = 6000;

export const methods = [
  { id: "standard", name: "Post, two to three days", price: 395 },
  { id: "next-day", name: "Courier, next working day", price: 795 },
  { id: "collect", name: "Collect from the slipway hut", price: 0 },
];

/** What a method costs for goods of this worth, pence. */
export function deliveryPrice(id, subtotal) {
  if (id === "standard" && subtotal >= FREE_FROM) return 0;
  return methods.find((method) => method.id === id)?.price ?? 0;
}
