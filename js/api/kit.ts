import { describe } from "../describe";
import { createEarly, type Early } from "../early";
import type { Instance } from "../instance";
import { argumentsText } from "../serialize";
import type { Analytics, Context } from "../tidegate.d.ts";

/** A method of the public global: it takes anything. */
export type Method = (...args: unknown[]) => unknown;

/** Methods by name; `consent.set` stands for `analytics.consent.set`. */
export type Methods = Record<string, Method>;

/** Nothing on the global throws: what `method` throws is reported, and `otherwise` returned. */
export type Guard = (name: string, method: Method, otherwise?: unknown, code?: string) => Method;

/** What is fetched when it is needed. */
export interface Files {
  /** `tidegate.<name>.js`. `attempt` counts failures: a browser may keep a failed import, and another address is another try. */
  script<T>(name: string, attempt?: number): Promise<T>;
  /** A part of the core's wasm. */
  part(name: string): Promise<unknown>;
}

/** What every part of the public global works with. */
export interface Kit extends Instance, Files {
  self: Analytics;
  /** Settled once plugins that have loaded say they are ready; there with the first plugin. */
  plugged?(): Promise<unknown>;
  /** The context of an event that plugins have, once they have let it go; there with the first plugin. */
  passing?(capture: number, ctx: Context): Promise<Context>;
  early: Early;
  guard: Guard;
  /** The arguments of a call as a JSON array. */
  text(name: string, args: readonly unknown[]): string;
  /** One argument as JSON. */
  json(name: string, value: unknown): string;
}

export function createKit(instance: Instance, self: Analytics, files: Files): Kit {
  const { report } = instance;
  const own = {
    ...files,
    self,
    early: createEarly(instance.link, instance.space),
    guard:
      (name, method, otherwise, code = "invalid_argument") =>
      (...args) => {
        try {
          return method(...args);
        } catch (error) {
          report(code, `analytics.${name}(): ${describe(error)}`);
          return otherwise;
        }
      },
    text: (name, args) => argumentsText(name, args, report),
    json: (name, value) => argumentsText(name, [value], report).slice(1, -1) || "null",
    ...instance,
  } satisfies Kit;
  // What an instance gets only later is seen through here too.
  return Object.assign(Object.create(instance), own);
}
