import { type Host, imports, run } from "tidegate-wasm";
import type * as Again from "./again";
import type { Files } from "./api/kit";
import { createAround } from "./around";
import { setCookie } from "./cookies";
import { faultsOf, startCore, useCore } from "./core";
import type { CoreLink } from "./core-link";
import { describe } from "./describe";
import { env } from "./env";
import { createPageFacts } from "./facts";
import type * as Fallback from "./fallback";
import type { Granted } from "./granted";
import { insist } from "./insist";
import type { Instance, Words } from "./instance";
import { ownKeys } from "./own-keys";
import type { Segment } from "./segment";
import type { Analytics, Config, Problem, SegmentOptions } from "./tidegate.d.ts";
import type * as Told from "./words";

export interface Sources {
  config: Config | string | URL;
  wasm: string | URL;
  /** The folder templates/ lies in. */
  base: string;
  writeKey: string | null;
  /** Where the visitor is, ISO 3166 such as `US-CA`, if the page knows. */
  region: string | undefined;
  /** What the names of all that is stored begin with: `tg_`, and the global's name where that is not `analytics`. */
  space: string;
  options: SegmentOptions;
}

/** What comes before the core starts, where the config has the word: Google is told before any tag that nothing is granted. */
const FIRST = ["googleConsentMode", "facades"] as const;

interface Opening {
  open(instance: Instance, config: string, self: Analytics): void;
}

/** Whether the page's address has parameters of Segment's about the visitor. */
export const saysWho = ({ href }: Location) => /[?&]ajs_/.test(href);

/** Fetches config and wasm at once and starts the core. Whatever goes wrong ends in `instance.fail`. */
export async function boot(
  instance: Instance,
  analytics: Analytics,
  sources: () => Sources,
  asksAddress: boolean,
  attempt = 0,
): Promise<void> {
  try {
    const { link } = instance;
    const all = sources();
    const { script: fetchScript } = files(sources);
    const { config, space, options } = all;
    // Consent allowed a destination on the last page: what sends is fetched beside the core, which asks for it again.
    if (ownKeys(space).includes(`${space}gate`)) loadPart(all, "delivery").catch(() => {});
    const given = typeof config === "string" || config instanceof URL;
    const read = given ? fetchOk(config, "config").then((response) => response.text()) : JSON.stringify({ ...config });
    // Where it does not come, the page goes on without what it would have said of the visitor.
    const fetchSegment = () =>
      fetchScript<Segment>("segment").catch(
        (error): undefined => void instance.report("script_failed", describe(error)),
      );
    const [text, asked] = await Promise.all([
      read,
      asksAddress ? fetchSegment() : undefined,
      startWasm(all, attempt ? `?${attempt}` : ""),
    ]);
    if (asked) instance.begin = (core) => asked.takeQuery(core, text, createPageFacts()(), options.useQueryString);
    for (const name of FIRST)
      if (text.includes(`"${name}"`))
        await new Promise<void>((done) =>
          insist(
            (attempt) => fetchScript<Opening>(name, attempt),
            ({ open }) => {
              open(instance, text, analytics);
              done();
            },
            instance.report,
          ),
        );
    const persists = isPersistent(options);
    /** What is wrong with the config; nothing where the words for it do not come. */
    const explain = () =>
      loadPart(all, "explain").then(
        () => JSON.parse(faultsOf(text)) as Problem[],
        () => [],
      );
    const around = createAround(link, space);
    const launch: Launch = ({ startCore, loadPart }, config) => {
      const own = link.tied();
      return instance.start((host) => {
        const cookie = hasCookies(options) ? setCookie : () => {};
        // Loads a part of the core, and what the host does with it.
        const part = async (name: string) => {
          let ok = false;
          try {
            const [page] = await Promise.all([
              name !== "strings" && fetchScript<Granted>("granted", failures),
              loadPart(all, name),
            ]);
            if (page)
              await page.grant(
                name,
                instance,
                all,
                persists,
                { link: own, host: whole, analytics, explain },
                fetchScript,
              );
            ok = true;
          } catch (error) {
            failures++;
            const { code, message, where = name } = await told(error, "script_failed", sources);
            instance.report(code, `${where}: ${message} What needs it waits.`);
          }
          own.run((core) => core.part(name, ok));
        };
        let lockNow: Host["lock"] | undefined;
        // Whatever takes over from other tabs, or is taken over, comes with the same file.
        const lock: Host["lock"] = async (name, hold) => {
          try {
            const { lockFor } = await fetchScript<Granted>("granted", failures);
            lockNow ??= lockFor(own);
            lockNow(name, hold);
          } catch {}
        };
        const whole = { ...host, ...around, lock, cookie, part } as unknown as Host;
        instance.deliver = () => part("delivery");
        return startCore(whole, config, env(all, persists, instance.platforms), persists);
      }, config);
    };
    instance.revive = (error) =>
      insist(
        () => fetchScript<typeof Again>("again", ++worlds),
        ({ takeOver }) => takeOver(instance, all, text, launch, error),
        instance.report,
      );
    if (launch({ startCore, loadPart }, text)) {
      if (fallen) instance.report(fallen.code, await words(sources)(fallen.code, fallen.message));
      return;
    }
    const found = await explain();
    const problems = found.length > 0 ? found : [await told("It is at fault", "config_invalid", sources)];
    instance.fail(problems, given ? `${config}` : "the config object");
  } catch (error) {
    const problem = await told(error, "core_failed", sources);
    if (!problem.passes) return instance.fail([problem]);
    // Calls wait, and a page that is left leaves them to the next one.
    instance.report(problem.code, `${problem.where}: ${problem.message}`);
    setTimeout(boot, Math.min(1000 * 2 ** attempt, 60_000), instance, analytics, sources, asksAddress, attempt + 1);
  }
}

/** Whether Segment's load options let anything be stored beyond the page. */
export const isPersistent = ({ disableClientPersistence, storage, user }: SegmentOptions) =>
  !(disableClientPersistence || user?.persist === false || storage?.stores?.every((store) => store === "memory"));

/** Whether cookies are among what they let. */
const hasCookies = (options: SegmentOptions) =>
  isPersistent(options) && (options.storage?.stores?.includes("cookie") ?? true);

/** Memories asked for beside the first. */
let worlds = 0;

/** A core's memory: what starts it there, and what loads a part of it. */
export interface World {
  startCore: typeof startCore;
  loadPart: typeof loadPart;
}

/** What a core works with. */
export interface Around {
  link: CoreLink;
  host: Host;
  analytics: Analytics;
  /** What is wrong with the config. */
  explain(): Promise<Problem[]>;
}

/** Starts a core. False where the config is at fault. */
export type Launch = (world: World, config: string) => boolean;

let failures = 0;

/** What is fetched when it is needed, from where an instance has its files. */
export const files = (sources: () => Sources): Files => ({
  script: async (name, attempt = 0) => import(`${sources().base}tidegate.${name}.js${attempt ? `?${attempt}` : ""}`),
  part: async (name) => loadPart(sources(), name),
});

/** Without the words, what the core says must do. */
export const words =
  (sources: () => Sources): Words =>
  async (code, said) => {
    try {
      return (await files(sources).script<typeof Told>("words")).wordsFor(code, said);
    } catch {
      return said;
    }
  };

/** The wasm files that run, once for all instances of this script. */
const running: Record<string, Promise<WebAssembly.Exports>> = {};

/** Where the wasm and its fallback lie. */
type Place = Pick<Sources, "wasm" | "base">;

/** Why the core runs as JavaScript, where it does: then no part is missing. */
let fallen: Problem | undefined;

export const startWasm = ({ wasm, base }: Place, world = "") =>
  once("core", async () => {
    try {
      const core = await instantiate(wasm, async () => imports());
      run(core);
      return core.exports;
    } catch (problem) {
      const other: Promise<typeof Fallback> = import(`${base}tidegate.fallback.js${world}`);
      useCore(
        await other.catch(() => {
          throw problem;
        }),
      );
      fallen = problem as Problem;
      return {};
    }
  });

/** A file that lies beside the core and works in its memory. */
export const loadPart = (place: Place, part: string) =>
  once(part, async () => {
    const file = `${place.wasm}`.replace(/[^/?#]*(?=[?#]|$)/, `tidegate_${part}_bg.wasm`);
    try {
      if (!fallen) return (await instantiate(file, async () => ({ core: await startWasm(place) }))).exports;
    } catch (error) {
      // A part that is asked for early may fail because the core, it turns out, runs as JavaScript.
      await startWasm(place);
      if (!fallen) throw error;
    }
    return {};
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

/** Fetches while its imports come. Rejects with a `Problem`. */
async function instantiate(
  wasm: string | URL,
  given: () => Promise<WebAssembly.Imports>,
): Promise<WebAssembly.Instance> {
  try {
    if (typeof WebAssembly !== "object") throw new Error("WebAssembly is missing or switched off");
    // Not compiled as bytes arrive: that wants the one MIME type, which not every server knows.
    const [bytes, imports] = await Promise.all([
      fetchOk(wasm, "wasm").then((response) => response.arrayBuffer()),
      given(),
    ]);
    return (await WebAssembly.instantiate(bytes, imports)).instance;
  } catch (error) {
    if (isProblem(error)) throw error;
    throw problem("wasm_failed", wasm, describe(error));
  }
}

/** Rejects with a `Problem` that names the URL. */
async function fetchOk(url: string | URL, what: "config" | "wasm"): Promise<Response> {
  let trouble: string;
  let passes = true;
  try {
    const response = await fetch(url, { priority: "low" });
    if (response.ok) return response;
    trouble = `the server answered ${response.status}.`;
    passes = response.status >= 500;
  } catch (error) {
    trouble = describe(error);
  }
  throw { ...problem(`${what}_unreachable`, url, trouble), passes };
}

/** What went wrong. It may pass where a server or the network failed. */
type Trouble = Problem & { passes?: boolean };

/** The same in whole words. */
async function told(error: unknown, code: string, sources: () => Sources): Promise<Trouble> {
  const problem: Trouble = isProblem(error) ? error : { code, message: describe(error) };
  return { ...problem, message: await words(sources)(problem.code, problem.message) };
}

const problem = (code: string, where: string | URL, message: string): Problem => ({ code, message, where: `${where}` });
const isProblem = (error: unknown): error is Trouble => !!(error as Problem | null)?.where;
