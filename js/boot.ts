import { type Host, imports, run } from "tidegate-wasm";
import type { Files } from "./api/kit";
import { createAround } from "./around";
import { setCookie } from "./cookies";
import { faultsOf, startCore } from "./core";
import { describe } from "./describe";
import { env } from "./env";
import { createPageFacts } from "./facts";
import type { Instance, PageHost, Words } from "./instance";
import { createNet } from "./net";
import { ownKeys, ownName } from "./own-keys";
import type * as Tags from "./tags";
import type { Config, Problem } from "./tidegate.d.ts";

export interface Sources {
  config: Config | string | URL;
  wasm: string | URL;
  /** The folder templates/ lies in. */
  base: string;
  writeKey: string | null;
  /** What the names of all that is stored begin with: `tg_`, and the global's name where that is not `analytics`. */
  space: string;
  /** What holds for every event of `integrations`. */
  integrations?: Record<string, unknown> | undefined;
}

/** Whether the page's address has parameters of Segment's about the visitor. */
export const saysWho = ({ href }: Location) => /[?&]ajs_/.test(href);

/** Fetches config and wasm at once and starts the core. Whatever goes wrong ends in `instance.fail`. */
export async function boot(instance: Instance, sources: () => Sources): Promise<void> {
  try {
    const all = sources();
    const { config, wasm, space } = all;
    const given = typeof config === "string" || config instanceof URL;
    const read = given ? fetchOk(config, "config").then((response) => response.text()) : JSON.stringify({ ...config });
    const asked = saysWho(location);
    const [text] = await Promise.all([read, startWasm(wasm)]);
    // Once: whoever was here before has an identity, or has made a choice about it.
    const migrates = text.includes('"migrateFrom"') && !ownKeys(space).length;
    const segment = asked || migrates ? await files(sources).segment() : undefined;
    if (asked) instance.begin = (core) => segment?.takeQuery(core, text, createPageFacts()());
    const make = (host: PageHost) => {
      const cookie = (name: string, value: string, maxAge: number) => setCookie(ownName(space, name), value, maxAge);
      const net = createNet((head, body) => instance.link.run((core) => core.answered(head, body)));
      const around = createAround(instance.link, space);
      const tags = () => void startTags(instance, whole, sources);
      const whole = { ...host, ...net, ...around, cookie, tags } as Host;
      return startCore(whole, text, env(all, migrates && segment?.storedBySegment()));
    };
    if (instance.start(make, text)) return;
    const found = await loadPart(wasm, "tags").then(
      () => JSON.parse(faultsOf(text)) as Problem[],
      () => [],
    );
    const unnamed = { code: "config_invalid", message: await words(sources)("config_invalid", ""), where: "" };
    instance.fail(found.length > 0 ? found : [unnamed], given ? `${config}` : "the config object");
  } catch (error) {
    instance.fail([await told(error, "core_failed", sources)]);
  }
}

/** Gives the host what tags do on the page, once their part of the core is there. */
async function startTags(instance: Instance, host: Host, sources: () => Sources): Promise<void> {
  const { link } = instance;
  let ok = false;
  try {
    const [page] = await Promise.all([
      import(`${sources().base}tidegate.tags.js`) as Promise<typeof Tags>,
      loadPart(sources().wasm, "tags"),
    ]);
    Object.assign(host, page.createTagLoader(link, sources().base));
    host.invoke = (path, args) => link.visit(() => page.invoke(path, args));
    ok = true;
  } catch (error) {
    const { code, message, where = "tags" } = await told(error, "script_failed", sources);
    instance.report(code, `${where}: ${message} No tag runs.`);
  }
  link.run((core) => core.tags(ok));
}

/** What is fetched when it is needed, from where an instance has its files. */
export const files = (sources: () => Sources): Files => ({
  segment: async () => import(`${sources().base}tidegate.segment.js`),
  cmp: async () => import(`${sources().base}tidegate.cmp.js`),
  part: async (name) => loadPart(sources().wasm, name),
});

/** Without the words, what the core says must do. */
export const words =
  (sources: () => Sources): Words =>
  async (code, said) => {
    try {
      return (await import(`${sources().base}tidegate.words.js`)).wordsFor(code, said);
    } catch {
      return said;
    }
  };

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
    throw problem("wasm_failed", wasm, describe(error));
  }
}

/** Rejects with a `Problem` that names the URL. */
async function fetchOk(url: string | URL, what: "config" | "wasm"): Promise<Response> {
  let trouble: string;
  try {
    const response = await fetch(url);
    if (response.ok) return response;
    trouble = `the server answered ${response.status}.`;
  } catch (error) {
    trouble = describe(error);
  }
  throw problem(`${what}_unreachable`, url, trouble);
}

/** What went wrong, in whole words. */
async function told(error: unknown, code: string, sources: () => Sources): Promise<Problem> {
  const problem = isProblem(error) ? error : { code, message: describe(error) };
  return { ...problem, message: await words(sources)(problem.code, problem.message) };
}

const problem = (code: string, where: string | URL, message: string): Problem => ({ code, message, where: `${where}` });
const isProblem = (error: unknown): error is Problem => !!(error as Problem | null)?.where;
