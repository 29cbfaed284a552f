/** Pages that stop and go on, and clocks that do not. */
import { leaves } from "./scenes.mjs";

const DAY = 24 * 60 * 60_000;

/** @type {import("./index.mjs").Row[]} */
export const lives = [
  {
    name: "Server down, the page is frozen and goes on; another tab meanwhile",
    engines: ["Chromium"],
    async happens(trial) {
      const { tab, page } = trial;
      trial.collector.mode = "drop";
      await trial.send(20);
      await trial.wait(2);
      const session = await page.createCDPSession();
      await session.send("Page.setWebLifecycleState", { state: "frozen" });
      trial.collector.mode = "ok";
      const other = await trial.open();
      await trial.wait(15);
      await other.close();
      trial.current = tab;
      await page.bringToFront();
      await session.send("Page.setWebLifecycleState", { state: "active" });
    },
    slow: true,
  },
  {
    name: "Server down, the page goes to the back/forward cache and comes back",
    async happens(trial) {
      await leaves(trial);
      await trial.wait(2);
      await trial.page.goBack({ waitUntil: "domcontentloaded" });
      await trial.ready();
      if (!(await trial.tab.run(() => window.wasRestored))) trial.note = "loaded anew";
    },
  },
  {
    name: "Server down, the clock jumps a day ahead, then two back",
    first: ["clock"],
    async happens(trial) {
      trial.collector.mode = "drop";
      for (const days of [0, 1, -2]) {
        await trial.tab.run((ms) => window.jump(ms), days * DAY);
        await trial.send(10);
        await trial.wait(2);
      }
      trial.collector.mode = "ok";
    },
  },
  {
    name: "Server down, the visitor leaves and comes back a day later",
    first: ["clock"],
    async happens(trial) {
      await leaves(trial);
      await trial.tab.run((ms) => sessionStorage.setItem("ahead", String(ms)), DAY);
      await trial.back();
    },
  },
];
