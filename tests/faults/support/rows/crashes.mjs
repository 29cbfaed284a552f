/** Pages and browsers that end without notice. */

/** From the call to the end of the browser, in seconds. */
const LEFT = 0.3;

/** @type {import("./index.mjs").Row[]} */
export const crashes = [
  {
    name: "Server down, the renderer is killed",
    ownBrowser: true,
    async happens(trial) {
      trial.collector.mode = "drop";
      await trial.send(20);
      await trial.wait(2);
      await trial.killRenderers();
      trial.collector.mode = "ok";
    },
  },
  {
    name: "The renderer is killed right after the calls",
    ownBrowser: true,
    async happens(trial) {
      await trial.send(20);
      await trial.killRenderers();
    },
  },
  {
    name: "Server down, the browser is killed 0.3 s after the calls",
    ownBrowser: true,
    async happens(trial) {
      // Nobody meets a page as young as this one: what an SDK opens on its first start is there.
      await trial.wait(2);
      trial.collector.mode = "drop";
      await trial.send(20);
      await trial.wait(LEFT);
      await trial.killBrowser();
      trial.collector.mode = "ok";
    },
  },
  {
    name: "The tab is closed right after the calls",
    async happens(trial) {
      await trial.send(20);
      await trial.close();
    },
  },
  {
    name: "The server hangs, the tab is closed right after the calls, the server is restarted",
    slow: true,
    async happens(trial) {
      trial.collector.mode = "hang";
      await trial.send(20);
      await trial.close();
      // What a page sends when it goes may come late.
      await trial.wait(2);
      trial.collector.mode = "ok";
      trial.collector.restart();
    },
  },
  {
    name: "Server down, two tabs with calls, both crash",
    slow: true,
    ownBrowser: true,
    async happens(trial) {
      const first = trial.tab;
      const second = await trial.open();
      trial.collector.mode = "drop";
      for (const tab of [first, second]) {
        trial.current = tab;
        await trial.send(10);
      }
      await trial.wait(2);
      await trial.killRenderers();
      trial.collector.mode = "ok";
    },
  },
];
