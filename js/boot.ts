import init, { Core } from "tidegate-wasm";
import { describe } from "./describe";
import { env, seed } from "./env";
import type { Instance } from "./instance";
import type { Config, Problem } from "./tidegate.d.ts";

export interface Sources {
  config: Config | string | URL;
  wasm: string | URL;
  /** The folder templates/ lies in. */
  base: string;
  writeKey: string | null;
}

/** Fetches config and wasm at once and starts the core. Whatever goes wrong ends in `instance.fail`. */
export async function boot(instance: Instance, sources: () => Sources): Promise<void> {
  try {
    const { config, wasm, base, writeKey } = sources();
    const [text] = await Promise.all([readConfig(config), startWasm(wasm)]);
    instance.start(nameOf(config), (host) => Core.start(host, text, env(base, writeKey), seed()));
  } catch (error) {
    const problem = { code: "core_failed", message: `The SDK could not start: ${describe(error)}.` };
    instance.fail(error instanceof LoadError ? error.problem : problem);
  }
}

class LoadError extends Error {
  problem: Problem;
  constructor(code: string, where: string, message: string) {
    super(message);
    this.problem = { code, message, where };
  }
}

const isAddress = (config: unknown): config is string | URL => typeof config === "string" || config instanceof URL;
const nameOf = (config: unknown) => (isAddress(config) ? String(config) : "the config object");

async function readConfig(config: Config | string | URL): Promise<string> {
  if (isAddress(config)) {
    const advice = "Put the config there, or say in data-config where it is.";
    return (await fetchOk(config, "config_unreachable", advice)).text();
  }
  try {
    return JSON.stringify({ ...config });
  } catch (error) {
    throw new LoadError("config_invalid", nameOf(config), `It is not plain data: ${describe(error)}.`);
  }
}

let started: Promise<unknown> | undefined;

/** Instantiates the wasm, once for all instances of this script. */
async function startWasm(wasm: string | URL): Promise<void> {
  const where = String(wasm);
  if (typeof WebAssembly !== "object")
    throw new LoadError("wasm_failed", where, "This browser has no WebAssembly, or has it switched off.");
  try {
    started ??= init({
      module_or_path: fetchOk(wasm, "wasm_unreachable", "Put tidegate_bg.wasm there, or say in data-wasm where it is."),
    });
    await started;
  } catch (error) {
    started = undefined;
    if (error instanceof LoadError) throw error;
    const message = describe(error);
    const advice = /unsafe-eval|CSP|Content.Security/i.test(message)
      ? "The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src."
      : "Deploy the script and the wasm of one and the same build.";
    throw new LoadError("wasm_failed", where, `${message}. ${advice}`);
  }
}

async function fetchOk(url: string | URL, code: string, advice: string): Promise<Response> {
  let problem: string;
  try {
    const response = await fetch(url);
    if (response.ok) return response;
    problem = `The server answered ${response.status}`;
  } catch (error) {
    problem = `It could not be fetched (${describe(error)})`;
  }
  throw new LoadError(code, String(url), `${problem}. ${advice}`);
}
