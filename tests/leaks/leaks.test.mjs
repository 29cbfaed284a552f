/**
 * The same page and the same banner with Segment's analytics.js and its consent wrapper, and with Tidegate: where events and
 * identifiers get past the visitor's choice. What is seen is printed, and is the table of the README.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../js/scripts/tools.mjs";
import { chromium } from "../browser/support/puppeteer.mjs";
import { leaks } from "./support/leaks.mjs";
import { visit } from "./support/visit.mjs";

/** @type {import("../browser/support/browsers.mjs").Browser} */
let browser;
before(async () => {
  browser = await chromium();
});
after(() => browser?.close());

const NOTHING = "nothing";

/** @type {Map<string, string[]>} what was seen of Segment and of Tidegate, by leak */
const seen = new Map();

describe("past the visitor's choice", { concurrency: 4 }, () => {
  for (const leak of leaks)
    test(leak.what, async (t) => {
      const sdks = /** @type {const} */ (["Segment", "Tidegate"]);
      const visits = await Promise.all(sdks.map((sdk) => visit(t, browser, sdk)));
      const both = await Promise.all(visits.map((one) => leak.seen(one)));
      seen.set(
        leak.what,
        both.map((what) => what || NOTHING),
      );
      assert.equal(seen.get(leak.what)?.[1], NOTHING, "Tidegate lets nothing past");
      assert.notEqual(seen.get(leak.what)?.[0], NOTHING, "this was observed of Segment, and is not any more");
    });
});

test("the README's table is what was seen", () => {
  const rows = leaks.map(({ what }) => [what, ...(seen.get(what) ?? ["not observed", "not observed"])]);
  const lines = [["what happens", "Segment", "Tidegate"], ["---", "---", "---"], ...rows];
  const table = lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  console.log(table);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, shown] = /<!-- leaks -->\n(.*?)\n<!-- \/leaks -->/s.exec(readme) ?? [];
  assert.equal(shown, table);
});
