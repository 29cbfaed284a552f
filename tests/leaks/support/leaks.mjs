/** The ways in which events and identifiers get past a visitor's choice. Each says what was seen to leak, or nothing. */
import { until } from "../../browser/support/until.mjs";

const ALL = ["analytics", "advertising", "profiling"];

/** How an event says what was allowed. @param {any} event */
const stamp = ({ context }) => `stamped \`analytics: ${context.consent?.categoryPreferences?.analytics}\``;

/** Everything is accepted, and an event has come. @param {import("./visit.mjs").Visit} visit */
async function accepted({ answer, track, arrived }) {
  await answer(ALL);
  await track("Granted");
  const event = await arrived("Granted", 15);
  if (!event) throw new Error("what was accepted did not arrive");
  return event;
}

/**
 * @typedef {object} Leak
 * @property {string} what
 * @property {(visit: import("./visit.mjs").Visit) => Promise<string | undefined | false>} seen
 */

/** @type {Leak[]} */
export const leaks = [
  {
    what: "Everything was withdrawn, and a call is made",
    async seen(visit) {
      await accepted(visit);
      await visit.answer([]);
      await visit.track("After Withdrawal");
      const event = await visit.arrived("After Withdrawal");
      return event && `the event is sent, ${stamp(event)}`;
    },
  },
  {
    what: "Everything was rejected, and a call is made",
    async seen(visit) {
      await visit.answer([]);
      await visit.track("Rejected");
      const event = await visit.arrived("Rejected");
      return event && `the event is sent, ${stamp(event)}`;
    },
  },
  {
    what: "Everything was rejected; a vendor is not mapped to a category",
    async seen(visit) {
      await visit.answer([]);
      await visit.track("Rejected");
      const asked = () => visit.vendor.asked().includes("GET /heatmap.js");
      return (await until(asked, 2).catch(() => false)) && "its script is loaded";
    },
  },
  {
    what: "A call was made before the choice, then everything is accepted",
    async seen(visit) {
      await visit.track("Before The Choice");
      await accepted(visit);
      const { context } = await visit.arrived("Before The Choice", 15);
      const isMarked = context.consent.capturedRev < context.consent.rev;
      return !isMarked && "stamped as if it had been allowed when it was made";
    },
  },
  {
    what: "An event waits for a retry, and everything is withdrawn",
    async seen(visit) {
      await accepted(visit);
      visit.shop.down = true;
      await visit.track("Retried");
      await until(() => visit.shop.seen.some(({ refused, body }) => refused && body.includes("Retried")));
      await visit.answer([]);
      visit.shop.down = false;
      const event = await visit.arrived("Retried", 8);
      return event && `the event is sent, ${stamp(event)}`;
    },
  },
  {
    what: "A closed page left events behind; the next one comes after everything was withdrawn",
    async seen(visit) {
      await accepted(visit);
      visit.shop.down = true;
      await visit.track("Left Behind");
      await until(() => visit.shop.seen.some(({ refused, body }) => refused && body.includes("Left Behind")));
      await visit.go("/bare");
      await visit.answer([]);
      visit.shop.down = false;
      await visit.go("/page");
      const event = await visit.arrived("Left Behind", 8);
      return event && `they are sent, ${stamp(event)}`;
    },
  },
  {
    what: "Everything was withdrawn: identifiers on the visitor's machine",
    async seen(visit) {
      const { anonymousId } = await accepted(visit);
      await visit.answer([]);
      await visit.arrived("Nothing", 1);
      const left = await visit.tab.run((id) => {
        const keys = Object.keys(localStorage).filter((key) => localStorage.getItem(key)?.includes(id));
        return [...keys.map((key) => `\`${key}\``), ...(document.cookie.includes(id) ? ["a cookie"] : [])];
      }, anonymousId);
      return left.length > 0 && `stay: ${left.join(", ")}`;
    },
  },
  {
    what: "The banner has a category that no vendor is mapped to, and `pruneUnmappedCategories` is on",
    async seen(visit) {
      const { context } = await accepted(visit);
      return "profiling" in context.consent.categoryPreferences && "the answer to it is sent with every event";
    },
  },
];
