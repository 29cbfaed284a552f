/** Local storage that is full, refuses, or has been tampered with. */
import { during, leavesAndComesBack } from "./scenes.mjs";

/** Runs in the page. The site's own data fills what there is. */
function fill() {
  for (let size = 4_000_000, at = 0; size >= 1; ) {
    try {
      localStorage.setItem(`site-${at++}`, "x".repeat(size));
    } catch {
      size = Math.floor(size / 2);
    }
  }
}

/** Runs in the page. Each value is cut in half. */
function corrupt() {
  for (const [key, value] of Object.entries({ ...localStorage }))
    localStorage.setItem(key, value.slice(0, Math.ceil(value.length / 2)));
}

/** @type {import("./index.mjs").Row[]} */
export const storage = [
  {
    name: "Local storage is full, server down for five seconds",
    slow: true,
    async happens(trial) {
      await trial.tab.run(fill);
      await during("drop")(trial);
    },
  },
  {
    name: "Local storage is full, server down, the visitor leaves and comes back",
    async happens(trial) {
      await trial.tab.run(fill);
      await leavesAndComesBack(trial);
    },
  },
  {
    name: "Storage throws, server down for five seconds",
    first: ["no-storage"],
    happens: during("drop"),
  },
  {
    name: "Stored values were cut in half; server down, the visitor leaves and comes back",
    async happens(trial) {
      // What is cut is not counted: these stand in storage for it.
      trial.collector.mode = "drop";
      await trial.tab.run(() => window.send([{}, {}, {}]));
      await trial.wait(2);
      await trial.away();
      await trial.tab.run(corrupt);
      await trial.back();
      await trial.send(10);
      await trial.wait(2);
      await trial.away();
      trial.collector.mode = "ok";
      await trial.back();
    },
  },
];
