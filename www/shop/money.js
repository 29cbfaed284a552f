/** The shop's one currency, ISO 4217. */
export const CURRENCY = "GBP";

const format = new Intl.NumberFormat("en-GB", { style: "currency", currency: CURRENCY });
const short = new Intl.NumberFormat("en-GB", {
  style: "currency",
  currency: CURRENCY,
  maximumFractionDigits: 0,
});

/** Pence as text for people: £118, £3.95. */
export function money(pence) {
  return (pence % 100 === 0 ? short : format).format(pence / 100);
}

/** Pence as the decimal number that event properties carry. */
export function decimal(pence) {
  return pence / 100;
}
