/** Batches for a collector: what shops send, what changes its type from call to call, and what means harm. */

const iso = (/** @type {number} */ second) => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
const consent = { categoryPreferences: { analytics: true, advertising: false }, rev: 3 };
const context = {
  consent,
  library: { name: "tidegate", version: "0.1.0" },
  page: { path: "/", title: "Shop" },
  ip: "203.0.113.7",
};

let count = 0;
/** @param {object} event @returns {object} with an ID and a time of its own */
const event = (event) => {
  count += 1;
  return {
    messageId: `m${count}`,
    anonymousId: "a1",
    timestamp: iso(count % 60),
    context,
    integrations: { All: true },
    ...event,
  };
};
const track = (/** @type {string} */ name, /** @type {any} */ properties, /** @type {object} */ more = {}) =>
  event({ type: "track", event: name, properties, ...more });

const shop = () => [
  event({ type: "page", name: "Home", properties: { name: "Home", path: "/", url: "https://shop.example/" } }),
  event({ type: "page", name: "Cart", category: "Shop", properties: { name: "The cart", category: "Shop" } }),
  event({ type: "page", properties: { name: "Only a property" } }),
  event({ type: "screen", name: "Start", properties: { depth: 1 } }),
  event({
    type: "identify",
    userId: "u1",
    traits: { email: "a@shop.example", plan: "free", address: { city: "Bonn", zip: "1" } },
  }),
  event({ type: "identify", userId: "u1", traits: { plan: "pro", address: { city: "Köln" }, id: 7 } }),
  event({ type: "identify", userId: "u1", traits: { email: null } }),
  event({ type: "identify", userId: 12, traits: { plan: true } }),
  event({ type: "identify", traits: { plan: "nobody's" } }),
  event({ type: "group", userId: "u1", groupId: "g1", traits: { name: "Acme", employees: 12 } }),
  event({ type: "alias", userId: "u1", previousId: "a1" }),
  track("Order Completed", {
    order_id: "o-1",
    revenue: 42,
    products: [{ sku: "s", price: 1.5 }],
    coupon: null,
    shipping: {},
  }),
  track("order completed", { orderId: "o-2", order_id: "o-2", revenue: 42.5, "Order ID": "o-2" }),
  track("2FA Enabled", { "": "empty", 购买: 1, id: "mine", day: "Monday", context_ip: "spoofed", _extra: "x" }),
  track("Users", { user_id: "not the user's", event: "mine", timestamp: "soon", receivedAt: 1 }),
];

/** Each value of a property comes in a call of its own. */
const changing = {
  widened: ["1", "2.5"],
  mixed: ["true", "1"],
  telling: ["1", '"one"'],
  exact: ["9007199254740993", "-9223372036854775808"],
  large: ["9223372036854775808", "1"],
  lost: ["9007199254740993", "0.5"],
  tiny: ["1e-7", "5e-324"],
  lists: ["[1,2]", '{"deep":{"er":[null]}}', "[]"],
  half: ['"\\ud800"', '"\\ud83d\\ude00 \\u0000"'],
};

const hostile = [
  'x"; DROP TABLE "tracks"; --',
  "x'); DELETE FROM tracks; --",
  "x`; DROP TABLE tracks; --",
  "'; COPY tracks TO 'x'; --",
  "../../../etc/passwd",
  "$$ | $x {{x}} \\",
  "select",
  "\u0000\n\r\u2028",
  "x".repeat(1000),
  "",
];

/** @returns {string[]} the bodies of requests */
export function batches() {
  const changed = Object.entries(changing).flatMap(([name, values]) =>
    // As text, since numbers are to stay as they are written.
    values.map((value) =>
      JSON.stringify(track("Changed", { here: "value" })).replace('"here":"value"', `"${name}":${value}`),
    ),
  );
  const attacks = hostile.map((name, at) =>
    track(name, { [name]: name, [`${name}!`]: { [name]: at } }, { context: { ...context, [name]: name } }),
  );
  return [shop(), attacks]
    .map((events) => JSON.stringify({ writeKey: "demo", sentAt: iso(59), batch: events }))
    .concat(`{"writeKey":"demo","batch":[${changed.join(",")}]}`);
}
