/** What the core is told of consent, on a fake page with a stand-in of a platform. */
import assert from "node:assert/strict";
import { bundle } from "./bundle.mjs";
import { fakePage } from "./fake-page.mjs";

const script = await bundle("script.ts");

const GOOGLE = '{"consent":{"purposes":{"ads":{"google-consent-mode":["ad_storage"]}}}}';

/** A page on which the stand-in takes part. */
export function pageWith(create, config = GOOGLE) {
  const files = {
    "https://shop.test/sdk/tidegate.json": { body: config },
    "https://shop.test/sdk/tidegate_bg.wasm": { body: "wasm" },
  };
  const page = fakePage({ files });
  page.imported = [];
  const { importPart } = page.window;
  page.window.importPart = (url) => {
    page.imported.push(url);
    return importPart(url);
  };
  return { page, cmp: create(page) };
}

/** Runs the SDK, until what it fetches is there. @param {any} page */
export async function run(page) {
  page.run(script);
  await page.settle();
}

/** A platform whose script is there, with the SDK that found it. */
export async function started(create, config) {
  const { page, cmp } = pageWith(create, config);
  cmp.load();
  await run(page);
  return { page, cmp };
}

export const told = (page, source) =>
  page
    .core()
    .filter(([name, of]) => name === "signal" && of === source)
    .map(([, , text]) => JSON.parse(text));
export const last = (page, source) => told(page, source).at(-1);

/** What a read before a send hears. */
export const readBeforeSend = (page) => {
  const lines = page.window.coreHost.signals().split("\n").filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.split(" ")[0], JSON.parse(line.slice(line.indexOf(" ") + 1))]));
};

export const accepts = (signal, ids) => {
  assert.equal(signal?.decided, true);
  assert.deepEqual([...signal.accepted].sort(), [...ids].sort());
};
/** Nobody goes ahead, not even where silence is a yes: without a word on categories. */
export const unheard = (signal) => assert.deepEqual(signal, { decided: false });
/** Asked, and not answered: where silence is a yes, this is one. */
export const silent = (signal) => {
  undecided(signal);
  assert.deepEqual(signal.accepted, []);
};
export const undecided = (signal) => {
  assert.equal(signal?.decided, false);
  assert.deepEqual(signal.accepted ?? [], []);
  assert.deepEqual(signal.rejected ?? [], []);
};

/** Puts something else there; returns what puts it back. */
export function swap(object, name, value) {
  const before = object[name];
  object[name] = value;
  return () => {
    object[name] = before;
  };
}
