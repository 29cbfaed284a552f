/** The same calls through a vendor's own browser SDK and through Tidegate: what the vendor gets of both is equivalent. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { compare, members } from "./support/differences.mjs";
import { chromium } from "./support/puppeteer.mjs";
import { platforms, visits } from "./support/sdks.mjs";
import { until } from "./support/until.mjs";

/** @typedef {import("./support/sdks.mjs").Sent} Sent */

describe("what vendors' own SDKs send", { timeout: 300_000 }, () => {
  let /** @type {import("./support/puppeteer.mjs").Killable} */ browser;
  let /** @type {Awaited<ReturnType<typeof visits>>} */ recorded;
  before(async () => {
    browser = await chromium();
    recorded = await visits(browser);
  });
  after(async () => {
    recorded?.stop();
    await browser?.close();
  });

  test("neither asks anybody else", async () => {
    assert.ok(recorded.asked.length > 10);
    const own = (/** @type {string} */ url) =>
      recorded.hosts.some((host) => url.startsWith(`${host}/`)) || url.startsWith("data:");
    assert.deepEqual(
      recorded.asked.filter((url) => !own(url)),
      [],
    );
  });

  for (const platform of platforms) {
    const { id, names, beside, exceptions } = platform;

    /** What was sent of the calls, by name. */
    const sent = async () => {
      const wanted = { ours: names, theirs: [...names, ...Object.keys(beside)] };
      await until(() => {
        const now = recorded.sent(platform);
        return sides.every((side) => wanted[side].every((one) => now[side].some(({ name }) => name === one)));
      });
      const { ours, theirs } = recorded.sent(platform);
      const meant = { ours, theirs: theirs.filter(({ name }) => !(name in beside)) };
      for (const side of sides)
        assert.deepEqual(meant[side].map(({ name }) => name).toSorted(), names.toSorted(), side);
      return { ours: byName(meant.ours), theirs: byName(meant.theirs) };
    };

    test(`${id}: it gets the same of the same calls`, async (t) => {
      const { ours, theirs } = await sent();
      const { same, faults, used } = compare(ours, theirs, exceptions);
      t.diagnostic(`${same.length} members are the same, ${members(ours).size} are sent by Tidegate`);
      assert.deepEqual(faults, []);
      // An exception without a use would hide what comes there one day.
      assert.deepEqual(
        exceptions.filter((one) => !used.has(one)).map(({ at }) => at),
        [],
      );
      assert.ok(same.length >= platform.members, `${same.length}`);
    });

    test(`${id}: whatever is another, missing or too much is found`, async () => {
      const { ours, theirs } = await sent();
      const { same } = compare(ours, theirs, exceptions);
      /** @param {string} at @param {(holder: any, key: string) => void} change */
      const found = (at, change) => {
        const changed = structuredClone(ours);
        const keys = at.split("/").slice(1);
        const last = keys.pop() ?? "";
        change(
          keys.reduce((holder, key) => holder[key], changed),
          last,
        );
        return compare(changed, theirs, exceptions).faults.map((fault) => fault.split(": ")[0]);
      };
      for (const at of same) {
        assert.deepEqual(
          found(at, (holder, key) => (holder[key] = other(holder[key]))),
          [at],
        );
        assert.deepEqual(
          found(at, (holder, key) => (holder[key] = null)),
          [at],
        );
      }
      for (const name of names)
        assert.deepEqual(
          found(`/${name}/more`, (holder, key) => (holder[key] = 1)),
          [`/${name}/more`],
        );
    });
  }
});

const sides = /** @type {const} */ (["ours", "theirs"]);

/** Another value of its type. @param {any} value */
const other = (value) => (typeof value === "boolean" ? !value : value + (typeof value === "number" ? 1 : "x"));

/** Each event with its own copy of what its request said of all. @param {Sent[]} sent @returns {Record<string, any>} */
const byName = (sent) => JSON.parse(JSON.stringify(Object.fromEntries(sent.map(({ name, about }) => [name, about]))));
