/** The way to the server. */
import { cutOff, during, leavesAndComesBack } from "./scenes.mjs";

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
  { name: "Server down, the visitor leaves and comes back", happens: leavesAndComesBack },
  { name: "Requests of ten seconds never get an answer", slow: true, happens: during("hang", 10) },
  { name: "Requests of ten seconds get a byte a second (slow loris)", slow: true, happens: during("loris", 10) },
  { name: "The name does not resolve for five seconds", slow: true, happens: cutOff("namenotresolved") },
  { name: "An ad blocker, which is switched off after five seconds", slow: true, happens: cutOff("blockedbyclient") },
];
