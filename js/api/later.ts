import { insist } from "../insist";
import type { Segment } from "../segment";
import type { Capture } from "./events";
import type { Kit, Method, Methods } from "./kit";

/** Methods of `tidegate.segment.js`. The first few change what happens to the events that follow. */
const NAMES =
  "register deregister addSourceMiddleware addDestinationMiddleware addIntegrationMiddleware trackLink trackClick trackForm trackSubmit queryString pageview initialize init add addIntegration log listeners hasListeners addEventListener removeListener removeEventListener removeAllListeners".split(
    " ",
  );
const HOLDING = 4;

/** Whether events wait for what a method of this name adds or takes away. */
export const isHolding = (name: string) => NAMES.slice(0, HOLDING).includes(name);

/** What comes or goes, in words of the page, and of middleware whose: the core judges by them whether it may keep events back. */
const called = (name: string, args: unknown[]) =>
  [name, ...args.map((arg) => (typeof arg === "string" ? arg : (arg as { type?: unknown } | null)?.type))].join(" ");

/** What analytics.js has beside the events: a script of its own, fetched at the first call of one of its methods. */
export function laterMethods(kit: Kit, capture: Capture): Methods {
  const waiting: [call: () => unknown, settle: (result: unknown) => void][] = [];
  let there: Methods | undefined;
  let asked = false;

  const load = () =>
    insist(
      (attempt) => kit.script<Segment>("segment", attempt),
      (part) => {
        there = part.createSegment(kit, capture);
        for (const [call, settle] of waiting.splice(0)) settle(call());
      },
      (code, message) => {
        kit.report(code, message);
        for (const [, settle] of waiting) settle(kit.self);
      },
    );

  const wait = (call: () => unknown) => new Promise((settle) => waiting.push([call, settle]));

  const later =
    (name: string): Method =>
    (...args) => {
      const call = () => there?.[name]?.(...args);
      if (kit.link.state() === "failed") return Promise.resolve(kit.self);
      if (isHolding(name)) {
        const what = called(name, args);
        kit.link.isUnique = true;
        kit.link.run((core) => core.hold(what));
        // Beside the script, not after it. What goes wrong is told when it is wanted.
        if (!asked) kit.part("plugins").catch(() => {});
      }
      if (there) return call();
      if (!asked) load();
      kit.plugged ??= () => wait(() => kit.plugged?.());
      asked = true;
      return wait(call);
    };

  return Object.fromEntries(NAMES.map((name) => [name, later(name)]));
}
