import { ask, call, type Host, start, tell } from "tidegate-wasm";
import type * as Fallback from "./fallback";
import type { ConsentState, Context, Decision, Receipt, Stats } from "./tidegate.d.ts";

/** Who a visitor or group is, as far as known. */
export interface Identity {
  id?: string | null;
  anonymousId?: string | null;
  traits?: Record<string, unknown>;
}

/** The core of one page. Texts are JSON, times milliseconds since the Unix epoch. Any exception out of it is a trap. */
export interface Core {
  /** A call of an event verb. Returns the capture number; 0 for a refused call, after an `error`. */
  call(verb: number, args: string, wall: number): number;
  /** The finished event of an earlier call, from what that call passed. */
  event(capture: number, verb: number, args: string, wall: number): Context["event"];
  /** Page facts for the calls that follow. */
  page(facts: string): void;
  /** A consent platform's reading: see js/cmp/index.ts. */
  signal(source: string, text: string): void;
  consentSet(purposes: string, explicit: boolean): void;
  /** `data` is what the page pushed: where the config opens a front door, that takes it in place of its text. */
  dataPush(text: string, data?: unknown): void;
  /** Sets what the object holds of `id`, `anonymousId`, `traits`, `groupId` and `groupTraits`; null clears. */
  identity(given: string): void;
  /** As `identify` and `group`, without an event. */
  identifyUser(args: string): void;
  identifyGroup(args: string): void;
  reset(): void;
  /** A problem that the shim saw: counted and told. */
  report(code: string, message: string): void;
  /** `flushed` follows. */
  flush(): void;
  forget(): void;
  /** Plugins come or go: events wait for `plugins` to say which. The method called, and the types of what it was given. */
  hold(what: string): void;
  /** What the page's plugins are and did: see src/core/runtime/plugins/part.rs. Only once their part is there. */
  plugins(messages: string): void;
  /** The end of a request: see js/net.ts. */
  answered(head: unknown[], body: string): void;
  /** A journal page that the copy alone had, and whether it is in local storage again. */
  adopt(key: string, text: string): void;
  /** What the page says to tags: src/core/tags/hear.rs. */
  tags(said: string): void;
  /** Whether a lock was taken. */
  locked(name: string, taken: boolean): void;
  /** Whether a part of the core is there. */
  part(name: string, ok: boolean): void;
  /** Another tab of the site speaks. */
  message(text: string): void;
  /** The task ends: what was captured goes to storage. */
  commit(): void;
  /** The timer that the core asked for is over. */
  wake(): void;
  /** The page is `hidden`, or `visible` again, or the network is back: `online`. */
  live(life: string): void;
  consent(): ConsentState;
  stats(): Stats;
  explain(messageId: string | undefined): Decision[];
  /** Only once the part is there that delivers. */
  receipts(): Receipt[];
  /**
   * What the keys of this tab's journal pages begin with, those of pages that local storage does not have, and of pages that it has to spare once the copy
   * has them; null while nothing is allowed. Likewise.
   */
  unstored(): { own: string; keys: string[]; spare: string[]; most: number } | null | undefined;
  /** The text of such a page; empty where it is gone. */
  unstoredPage(key: string): string | null | undefined;
  user(): Identity;
  group(): Identity;
  data(path: string): unknown;
  snapshot(): Record<string, unknown>;
}

/** The ways into the core, of all instances. */
let ways: typeof Fallback = { ask, call, start, tell };

/** From here on the core is another: the same as JavaScript. */
export const useCore = (other: typeof Fallback): void => {
  ways = other;
};

/** Why `startCore` gave none, as a JSON list of `Problem`s. Only once the part is there that tags need. */
export const faultsOf = (config: string): string => ways.ask(0, 9, config) ?? "[]";

/** undefined for a config at fault. */
export function startCore(host: Host, config: string, env: string, persists: boolean): Core | undefined {
  const core = ways.start(host, persists ? storage() : undefined, `${env}\n${config}`);
  // The numbers are those of src/wasm/exports.rs.
  const tells =
    (what: number) =>
    (text = "") =>
      ways.tell(core, what, text);
  let facts: string | undefined;
  const asks =
    (what: number) =>
    (of = "") =>
      parsed(ways.ask(core, what, of));
  return core
    ? {
        call: (verb, args, wall) => ways.call(core, verb, args, wall),
        event: (capture, verb, args, wall) => asks(8)(`${JSON.stringify([capture, verb, wall])}\n${args}`),
        page(text) {
          if (text !== facts) ways.tell(core, 0, text);
          facts = text;
        },
        signal: (source, text) => ways.tell(core, 1, `${source} ${text}`),
        consentSet: (purposes, explicit) => ways.tell(core, explicit ? 2 : 3, purposes),
        dataPush: tells(4),
        identity: tells(5),
        reset: tells(6),
        report: (code, message) => ways.tell(core, 7, `${code} ${message}`),
        flush: tells(8),
        forget: tells(9),
        identifyUser: tells(10),
        identifyGroup: tells(11),
        hold: tells(12),
        plugins: tells(13),
        answered: (head, body) => ways.tell(core, 14, `${JSON.stringify(head)}\n${body}`),
        tags: tells(15),
        locked: (name, taken) => ways.tell(core, 16, `${taken} ${name}`),
        part: (name, ok) => ways.tell(core, 17, `${ok} ${name}`),
        message: tells(19),
        live: tells(20),
        commit: tells(21),
        wake: tells(22),
        adopt: (key, text) => ways.tell(core, 18, `${key}\n${text}`),
        consent: asks(0),
        stats: asks(1),
        explain: (messageId) => asks(messageId === undefined ? 2 : 3)(messageId),
        receipts: asks(10),
        unstored: asks(11),
        unstoredPage: asks(11),
        user: asks(4),
        group: asks(5),
        snapshot: asks(6),
        data: asks(7),
      }
    : undefined;
}

/** The page's local storage; it may be missing or blocked. */
function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return;
  }
}

const parsed = (text: string | undefined) => text && JSON.parse(text);
