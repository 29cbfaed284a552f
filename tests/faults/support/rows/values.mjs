/** Events that are hard to take. */

/** Runs in the page. Each event has a value that cannot be written as JSON, or that throws when it is looked at. */
function sendHostile(/** @type {number[]} */ numbers) {
  /** @type {Record<string, unknown>} */
  const circle = {};
  circle.self = circle;
  const boom = () => {
    throw new Error("boom");
  };
  const hostile = [
    { value: circle },
    { value: BigInt(12) },
    Object.defineProperty({}, "value", { enumerable: true, get: boom }),
    { value: new Proxy({}, { get: boom, ownKeys: boom, has: boom }) },
    { value: { toJSON: boom } },
  ];
  let thrown = 0;
  for (const n of numbers) {
    // One that is well after each that is not.
    const event = n % 2 ? {} : /** @type {object} */ (hostile[n / 2]);
    const whole = Object.defineProperties({ n }, Object.getOwnPropertyDescriptors(event));
    thrown += window.send([whole]);
  }
  return thrown;
}

/**
 * Runs in the page. Milliseconds of the calls, from the first call until the page can do anything else, and of the longest task within ten seconds after
 * that; Firefox does not tell of long tasks.
 */
async function sendMany(/** @type {number[]} */ numbers) {
  const tasks = /** @type {PerformanceEntry[]} */ ([]);
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask" });
  const { port1, port2 } = new MessageChannel();
  const next = new Promise((resolve) => {
    port1.onmessage = resolve;
  });
  const events = numbers.map((n) => ({ n }));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const from = performance.now();
  port2.postMessage("");
  window.send(events);
  const calls = performance.now() - from;
  await next;
  const free = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const after = tasks.filter(({ startTime }) => startTime > from + calls).map(({ duration }) => duration);
  return { calls, free: free - from, longest: Math.max(0, ...after) };
}

/** @type {import("./index.mjs").Row[]} */
export const values = [
  {
    name: "One event of 1 MB among five",
    hopeless: 1,
    async happens(trial) {
      await trial.send(2);
      await trial.send(1, { text: "x".repeat(1_000_000) });
      await trial.send(3);
    },
  },
  {
    name: "Ten events: a circle, a BigInt, a getter, a Proxy and a toJSON that throw, each followed by one that is well",
    hopeless: 5,
    async happens(trial) {
      trial.thrown += await trial.tab.run(sendHostile, trial.numbers(10));
    },
  },
  {
    name: "10,000 events in one task",
    slow: true,
    alone: true,
    async happens(trial) {
      const { calls, free, longest } = await trial.tab.run(sendMany, trial.numbers(10_000)).catch((cause) => {
        // The browser's driver waits three minutes, and nothing can be asked of the page meanwhile.
        throw new Error("the calls take over 3 min", { cause });
      });
      const [called, over] = [calls, free].map((ms) => `${(ms / 1000).toFixed(1)} s`);
      const then = longest > 0 ? `then tasks up to ${Math.round(longest)} ms` : "then no long task";
      trial.note = `calls ${called}, page free after ${over}, ${then}`;
    },
  },
];
