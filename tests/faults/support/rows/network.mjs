/** The way to the server. */

/**
 * The browser itself lets nothing through to the collector until the function returned is called.
 * @param {import("../trial.mjs").Trial} trial
 * @param {import("puppeteer-core").ErrorCode} code
 */
async function cut({ collector, page }, code) {
  let isCut = true;
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const isTheirs = request.url().startsWith(collector.url);
    // A page that is gone has no requests any more.
    const going = isCut && isTheirs ? request.abort(code) : request.continue();
    going.catch(() => {});
  });
  return () => {
    isCut = false;
  };
}

/** @type {import("./index.mjs").Row[]} */
export const network = [
  {
    name: "Half a minute without the server, 300 events, one reload",
    slow: true,
    async happens(trial) {
      trial.collector.mode = "drop";
      for (let calls = 0; calls < 15; calls++) {
        await trial.send(20);
        await trial.wait(2);
        if (calls === 7) await trial.reload();
      }
      trial.collector.mode = "ok";
    },
  },
  {
    name: "Server down, the visitor leaves and comes back",
    async happens(trial) {
      trial.collector.mode = "drop";
      await trial.send(20);
      await trial.wait(2);
      await trial.away();
      trial.collector.mode = "ok";
      await trial.back();
    },
  },
  {
    name: "Requests of ten seconds never get an answer",
    slow: true,
    async happens(trial) {
      trial.collector.mode = "hang";
      await trial.send(20);
      await trial.wait(10);
      trial.collector.mode = "ok";
    },
  },
  {
    name: "Requests of ten seconds get a byte a second (slow loris)",
    slow: true,
    async happens(trial) {
      trial.collector.mode = "loris";
      await trial.send(20);
      await trial.wait(10);
      trial.collector.mode = "ok";
    },
  },
  {
    name: "The name does not resolve for five seconds",
    slow: true,
    async happens(trial) {
      const mend = await cut(trial, "namenotresolved");
      await trial.send(20);
      await trial.wait(5);
      mend();
    },
  },
  {
    name: "An ad blocker, which is switched off after five seconds",
    slow: true,
    async happens(trial) {
      const mend = await cut(trial, "blockedbyclient");
      await trial.send(20);
      await trial.wait(5);
      mend();
    },
  },
];
