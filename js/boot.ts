import { type Host, imports, run } from "tidegate-wasm";
import type { Files } from "./api/kit";
import { faultsOf, startCore } from "./core";
import { describe } from "./describe";
import { env } from "./env";
import { createPageFacts } from "./facts";
import type { Instance, PageHost } from "./instance";
import { ownKeys } from "./own-keys";
import type * as Tags from "./tags";
import type { Config, Problem } from "./tidegate.d.ts";

export interface Sources {
  config: Config | string | URL;
  wasm: string | URL;
  /** The folder templates/ lies in. */
  base: string;
  writeKey: string | null;
}

/** Whether the page's address has parameters of Segment's about the visitor. */
export const saysWho = ({ href }: Location) => /[?&]ajs_/.test(href);

/** Fetches config and wasm at once and starts the core. Whatever goes wrong ends in `instance.fail`. */
export async function boot(instance: Instance, sources: () => Sources): Promise<void> {
  try {
    const { config, wasm, base, writeKey } = sources();
    const given = typeof config === "string" || config instanceof URL;
    const read = given ? fetchOk(config, "config").then((response) => response.text()) : JSON.stringify({ ...config });
    const asked = saysWho(location);
    const [text] = await Promise.all([read, startWasm(wasm)]);
    // Once: whoever was here before has an identity, or has made a choice about it.
    const migrates = text.includes('"migrateFrom"') && !ownKeys().length;
    const segment = asked || migrates ? await files(sources).segment() : undefined;
    if (asked) instance.begin = (core) => segment?.takeQuery(core, text, createPageFacts()());
    const make = (host: PageHost) => {
      const whole = { ...host, tags: () => startTags(instance, whole, wasm, base) } as Host;
      return startCore(whole, text, env(base, writeKey, migrates && segment?.storedBySegment()));
    };
    if (instance.start(make)) return;
    const found = await loadPart(wasm, "tags").then(
      () => JSON.parse(faultsOf(text)) as Problem[],
      () => [],
    );
    const unnamed = { code: "config_invalid", message: "It is at fault; `tidegate check` says where.", where: "" };
    instance.fail(found.length > 0 ? found : [unnamed], given ? `${config}` : "the config object");
  } catch (error) {
    const message = `The SDK could not start: ${describe(error)}`;
    instance.fail([isProblem(error) ? error : { code: "core_failed", message }]);
  }
}

/** Gives the host what tags do on the page, once their part of the core is there. */
async function startTags(instance: Instance, host: Host, wasm: string | URL, base: string): Promise<void> {
  try {
    const [page] = await Promise.all([
      import(`${base}tidegate.tags.js`) as Promise<typeof Tags>,
      loadPart(wasm, "tags"),
    ]);
    Object.assign(host, page.createTagLoader());
    host.invoke = (path, args) => instance.link.visit(() => page.invoke(path, args));
  } catch (error) {
    const { code, message, where } = isProblem(error) ? error : problem("script_failed", base, describe(error));
    instance.report(code, `${where}: ${message} No tag runs.`);
    throw error;
  }
}

/** What is fetched when it is needed, from where an instance has its files. */
export const files = (sources: () => Sources): Files => ({
  segment: async () => import(`${sources().base}tidegate.segment.js`),
  part: async (name) => loadPart(sources().wasm, name),
});

/** The wasm files that run, once for all instances of this script. */
const running: Record<string, Promise<WebAssembly.Exports>> = {};

const startWasm = (wasm: string | URL) =>
  once("core", async () => {
    const core = await instantiate(wasm, imports());
    run(core);
    return core.exports;
  });

/** A file that lies beside the core and works in its memory. */
const loadPart = (wasm: string | URL, part: string) =>
  once(part, async () => {
    const core = await startWasm(wasm);
    const file = `${wasm}`.replace(/[^/?#]*(?=[?#]|$)/, `tidegate_${part}_bg.wasm`);
    return (await instantiate(file, { core })).exports;
  });

/** A file that failed is tried again when it is wanted again. */
async function once(file: string, start: () => Promise<WebAssembly.Exports>): Promise<WebAssembly.Exports> {
  try {
    running[file] ??= start();
    return await running[file];
  } catch (error) {
    delete running[file];
    throw error;
  }
}

/** Rejects with a `Problem`. */
async function instantiate(wasm: string | URL, imports: WebAssembly.Imports): Promise<WebAssembly.Instance> {
  try {
    if (typeof WebAssembly !== "object") throw new Error("WebAssembly is missing or switched off");
    const response = await fetchOk(wasm, "wasm");
    // The browser compiles as bytes arrive, but only of the one MIME type; not every server knows it.
    const streams = response.headers.get("Content-Type") === "application/wasm";
    const { instance } = streams
      ? await WebAssembly.instantiateStreaming(response, imports)
      : await WebAssembly.instantiate(await response.arrayBuffer(), imports);
    return instance;
  } catch (error) {
    if (isProblem(error)) throw error;
    const message = describe(error);
    const advice = /unsafe-eval|CSP|Content.Security/i.test(message)
      ? "Add 'wasm-unsafe-eval' to the script-src of the page's Content-Security-Policy."
      : "Deploy script and wasm of the same build.";
    throw problem("wasm_failed", wasm, `${message} ${advice}`);
  }
}

/** Rejects with a `Problem` that names the URL, and the attribute of the script tag that sets it. */
async function fetchOk(url: string | URL, what: "config" | "wasm"): Promise<Response> {
  let trouble: string;
  try {
    const response = await fetch(url);
    if (response.ok) return response;
    trouble = `the server answered ${response.status}.`;
  } catch (error) {
    trouble = describe(error);
  }
  const advice = `Put the file there, or say in data-${what} where it is.`;
  throw problem(`${what}_unreachable`, url, `The ${what} could not be fetched: ${trouble} ${advice}`);
}

const problem = (code: string, where: string | URL, message: string): Problem => ({ code, message, where: `${where}` });
const isProblem = (error: unknown): error is Problem => !!(error as Problem | null)?.where;
