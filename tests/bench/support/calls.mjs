/** What runs in the page: calls, and how long they hold the main thread. Microseconds. */

/** What a shop says of a product. The events' numbers are added. */
export const PRODUCT = {
  product_id: "5f2b8c41e0",
  sku: "TEE-0042-M",
  name: "Organic cotton T-shirt, long sleeves",
  category: "Clothes / Shirts",
  brand: "Northwind",
  variant: "indigo",
  price: 34.5,
  quantity: 2,
  currency: "EUR",
  coupon: "AUTUMN10",
  position: 7,
  url: "https://shop.example/products/organic-cotton-t-shirt?color=indigo",
  image_url: "https://shop.example/images/5f2b8c41e0-large.webp",
};

/**
 * @typedef {object} Burst
 * @property {number} call an event's share of the calls themselves
 * @property {number} held an event's share of the time until the browser could do anything else
 * @property {number} longest the longest task, in milliseconds, that followed the calls' own
 */

/**
 * In the page: calls in one task. A message that was posted before them comes right after that task and its microtasks.
 * @param {{ from: number, count: number, product: object, settle?: number }} given `settle`: how long to look for long tasks, in milliseconds
 * @returns {Promise<Burst>}
 */
export async function burst({ from, count, product, settle = 1000 }) {
  const events = Array.from({ length: count }, (_, at) => ({ n: from + at, ...product }));
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  const watch = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      if (startTime > began) longest = Math.max(longest, duration);
  });
  watch.observe({ type: "longtask" });
  const ended = new Promise((/** @type {(at: number) => void} */ resolve) => {
    port1.onmessage = () => resolve(performance.now());
  });
  port2.postMessage(0);
  const began = performance.now();
  for (const event of events) window.track(event);
  const called = performance.now();
  const held = await ended;
  await new Promise((done) => setTimeout(done, settle));
  watch.disconnect();
  return { call: ((called - began) * 1000) / count, held: ((held - began) * 1000) / count, longest };
}

/**
 * In the page: calls one by one, each in a task of its own, a few milliseconds apart.
 * @param {{ from: number, count: number, product: object }} given
 * @returns {Promise<number[]>} how long each held the main thread
 */
export async function oneByOne({ from, count, product }) {
  const figures = [];
  for (let at = 0; at < count; at++) {
    const event = { n: from + at, ...product };
    const { port1, port2 } = new MessageChannel();
    const ended = new Promise((/** @type {(at: number) => void} */ resolve) => {
      port1.onmessage = () => resolve(performance.now());
    });
    port2.postMessage(0);
    const began = performance.now();
    window.track(event);
    figures.push(((await ended) - began) * 1000);
    await new Promise((done) => setTimeout(done, 4));
  }
  return figures;
}
