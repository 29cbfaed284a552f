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

/** Runs in the page. Milliseconds of the calls, and of the longest task within ten seconds after them. */
async function sendMany(/** @type {number[]} */ numbers) {
  let longest = 0;
  // Where the browser does not tell of long tasks, this never calls.
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const events = numbers.map((n) => ({ n }));
  const from = performance.now();
  window.send(events);
  const calls = performance.now() - from;
  // The task of the calls itself is over before the first that is observed.
  await new Promise((resolve) => setTimeout(resolve));
  observer.observe({ type: "longtask" });
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  return { calls, longest };
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
      const { calls, longest } = await trial.tab.run(sendMany, trial.numbers(10_000));
      trial.note = `calls ${(calls / 1000).toFixed(1)} s, then at most ${Math.round(longest)} ms in one task`;
    },
  },
];
