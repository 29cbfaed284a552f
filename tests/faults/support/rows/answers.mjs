/** Answers that are no acknowledgement, and acknowledgements that do not come. */
import { until } from "../../../browser/support/until.mjs";
import { WAIT } from "../../../peers/modes.mjs";
import { during } from "./scenes.mjs";

/** Nothing is sent before the wait that the first answer asked for. */
function isPatient(/** @type {import("./index.mjs").Trial} */ { collector }) {
  const at = collector.received.findIndex(({ mode }) => mode !== "ok");
  const [first, second] = collector.received.slice(at);
  const waited = second && first ? (second.at - first.at) / 1000 : 0;
  // A date has whole seconds.
  if (waited < WAIT - 1) throw new Error(`asked to wait ${WAIT} s, it sent again after ${waited} s`);
}

/** @type {import("./index.mjs").Row[]} */
export const answers = [
  { name: "200 with a sign-in page (captive portal)", happens: during("portal") },
  { name: "200 with JSON that says it failed", slow: true, happens: during("sorry") },
  { name: "A redirect to a sign-in page", slow: true, happens: during("redirect") },
  { name: `429 with Retry-After: ${WAIT}`, happens: during("busy"), holds: isPatient },
  { name: "429 with Retry-After as a date", slow: true, happens: during("busyUntil"), holds: isPatient },
  {
    name: `429 with Retry-After: ${WAIT}, and the page is loaded anew`,
    slow: true,
    async happens(trial) {
      trial.collector.mode = "busy";
      await trial.send(20);
      await until(() => trial.collector.received.some(({ mode }) => mode === "busy"));
      trial.collector.mode = "ok";
      await trial.reload();
      await trial.wait(WAIT);
    },
    holds: isPatient,
  },
  { name: "503 for ten seconds", happens: during("unavailable", 10), slow: true },
  { name: "Stored, but the answer is lost, for five seconds", happens: during("lostAnswer") },
  { name: "Answers without CORS headers, for five seconds", slow: true, happens: during("noCors") },
  {
    name: "After an outage a proxy takes 8 KB a request (413)",
    async happens(trial) {
      trial.collector.mode = "drop";
      await trial.send(40, { text: "x".repeat(1000) });
      await trial.wait(2);
      trial.collector.mode = "small";
    },
  },
  {
    name: "After an outage one event of 21 is refused (400)",
    hopeless: 1,
    async happens(trial) {
      trial.collector.mode = "drop";
      await trial.send(10);
      await trial.send(1, { poison: true });
      await trial.send(10);
      await trial.wait(2);
      trial.collector.mode = "poison";
    },
  },
];
