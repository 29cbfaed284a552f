/** The golden cases of templates, and what a page sees of the steps that they name: `src/core/tags/README.md` has the language. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../js/scripts/tools.mjs";

/**
 * @typedef {{ title: string, event: any, does: any[] }} Case
 * @typedef {{ params: any, cases: Case[] }} Variant what happens on one page with one set of parameters
 */

const folder = join(root, "tests/templates");

/** @type {{ name: string, variants: Variant[] }[]} */
export const templates = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => {
    const { variants = [], ...first } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    return { name: file.replace(".json", ""), variants: [first, ...variants] };
  });

/** The call that comes to a finished event, as `runner/mod.rs` makes it. @param {any} event @returns {[method: string, args: any[]]} */
export function callOf(event) {
  const { type = "track", event: name, category, name: title = "", properties = {}, traits = {} } = event;
  const { userId, groupId, previousId } = event;
  const options = Object.fromEntries(
    ["messageId", "timestamp", "anonymousId", "userId", "context"].flatMap((key) =>
      event[key] == null ? [] : [[key, event[key]]],
    ),
  );
  const view = category === undefined ? [title, properties] : [category, title, properties];
  /** @type {Record<string, any[]>} */
  const args = {
    track: [name, properties],
    page: view,
    screen: view,
    identify: [userId, traits],
    group: [groupId, traits],
    alias: [userId, previousId],
  };
  return [type, [...(args[type] ?? []), options]];
}

/** What the vendor's script puts on functions that were there before it, to be handed the calls from then on. @param {Variant} variant @returns {string[]} */
export const takenBy = ({ cases }) =>
  cases.flatMap(({ does }) => does).flatMap(({ queue, forward }) => (forward ? `${queue}.${forward}` : []));

const FUNCTION = { $function: true };

/** @param {any} step */
const pathOf = (step) => step.call ?? step.new ?? step.set ?? step.list ?? step.queue ?? step.push;

/** The globals that a variant's steps work on. @param {Variant} variant @returns {string[]} */
export const globalsOf = ({ cases }) => [
  ...new Set(
    cases
      .flatMap(({ does }) => does)
      .flatMap((step) => [pathOf(step), step.to, step.into])
      .flatMap((path) => path?.split(".")[0] ?? []),
  ),
];

/**
 * What the vendor's script has to bring: functions that steps call and none puts there, and the methods of what each returns.
 * @param {Variant} variant
 * @returns {Record<string, string[]>}
 */
export function providedTo({ cases }) {
  const steps = cases.flatMap(({ does }) => does);
  const queued = steps.flatMap(({ queue, methods }) =>
    methods ? methods.map((/** @type {string} */ name) => `${queue}.${name}`) : (queue ?? []),
  );
  const lists = steps.flatMap(({ list, set, value }) => list ?? (Array.isArray(value) ? set : []));
  const called = steps.flatMap((step) => step.call ?? step.new ?? []);
  const kept = steps.flatMap(({ to }) => to ?? []);
  const isThere = (/** @type {string} */ path) =>
    queued.includes(path) ||
    lists.some((list) => path.startsWith(`${list}.push`)) ||
    kept.some((object) => path.startsWith(`${object}.`));
  const methodsOf = (/** @type {string} */ path) => {
    const objects = steps.filter((step) => (step.call ?? step.new) === path).flatMap(({ to }) => to ?? []);
    return called.flatMap((other) => objects.flatMap((object) => other.match(`^${object}\\.(\\w+)$`)?.[1] ?? []));
  };
  return Object.fromEntries(
    called.filter((path) => !isThere(path)).map((path) => [path, [...new Set(methodsOf(path))]]),
  );
}

/** @param {string} path @returns {string[]} what holds its value, from the global on */
const above = (path) => {
  const keys = path.split(".");
  return keys.slice(1).map((_, at) => keys.slice(0, at + 1).join("."));
};

/**
 * Follows a page through its cases: what is there already is not put there again.
 * @param {Variant} variant
 */
export function createPage(variant) {
  const brought = [...Object.keys(providedTo(variant)), ...takenBy(variant)];
  const there = new Set();
  /** What is seen of a call to a function that keeps its calls, beside the call. @type {Map<string, (args: any[]) => object>} */
  const keepers = new Map();

  /** @param {string} path @param {unknown} value @returns {object[]} */
  const put = (path, value) => {
    const missing = above(path).filter((one) => !there.has(one));
    for (const one of [...missing, path]) there.add(one);
    return [...missing.map((one) => ({ set: one, value: {} })), { set: path, value }];
  };
  /** @param {string} path @param {unknown} value */
  const putUnless = (path, value) => (there.has(path) ? [] : put(path, value));
  /** @param {string} [path] */
  const putAnswer = (path) => (path ? put(path, {}) : []);

  /** @param {string} path @param {(args: any[]) => object} kept */
  const putKeeper = (path, kept) => {
    if (there.has(path)) return [];
    keepers.set(path, kept);
    return put(path, FUNCTION);
  };
  /** @param {string} list @param {unknown} value */
  const pushed = (list, value) => ({ call: `${list}.push`, args: [value] });

  /** @type {Record<string, (step: any) => object[]>} */
  const kinds = {
    script(step) {
      for (const path of brought) for (const one of [...above(path), path]) there.add(one);
      return [step];
    },
    data: (step) => [step],
    new: ({ new: path, args = [], to }) => [{ new: path, args }, ...putAnswer(to)],
    set: ({ set, value, ifMissing }) => (ifMissing ? putUnless(set, value) : put(set, value)),
    list: ({ list }) => putUnless(list, []),
    push: ({ push, value }) => [pushed(push, value)],
    methods({ queue, into, methods, as }) {
      const object = putUnless(queue, []);
      const form = (/** @type {string} */ name, /** @type {any[]} */ args) =>
        as === "callbacks" ? { name, fn: FUNCTION } : [name, ...args];
      const functions = methods.map((/** @type {string} */ name) =>
        putKeeper(`${queue}.${name}`, (args) => pushed(into, form(name, args))),
      );
      return [...object, ...functions.flat()];
    },
    queue({ queue, into, forward, as }) {
      if (there.has(queue)) return [];
      const next = `${queue}.${forward}`;
      const stub = putKeeper(queue, (args) => {
        if (there.has(next)) return { call: next, args };
        return pushed(into, as === "array" ? args : { $arguments: args });
      });
      return [...stub, ...putUnless(into, [])];
    },
    call({ call, args = [], to }) {
      // A list pushes itself, with the elements of another.
      if (call.endsWith(".push.apply")) return [{ call: call.replace(/\.apply$/, ""), args: args[1] }];
      const kept = keepers.get(call)?.(args);
      return [{ call, args }, ...(kept ? [kept] : []), ...putAnswer(to)];
    },
  };

  return {
    /** What is seen of a step, in order. @param {any} step */
    seenOf(step) {
      const kind = Object.keys(kinds).find((kind) => kind in step);
      if (!kind) throw new Error(`no golden case had such a step before: ${JSON.stringify(step)}`);
      return kinds[kind]?.(step) ?? [];
    },
  };
}
