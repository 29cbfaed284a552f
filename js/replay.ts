import { type Capture, VERBS } from "./api/events";
import type { Method, Methods } from "./api/kit";
import { factsText, type RawFacts } from "./facts";

/** An event verb's last member in a stub's buffer; Segment's own snippet does not note the time. */
type Noted = RawFacts & { __t?: "bpc"; at?: number };

/** Carries out entries `[method, ...args]` of a stub's buffer. `done` on an entry settles what its caller got. */
export function createReplay(methods: Methods, capture: Capture): Method {
  return (entry) => {
    const [name, ...args] = Array.from(entry as ArrayLike<unknown>);
    const verb = VERBS.indexOf(name as string);
    const method = methods[name as string];
    if (!method) throw new TypeError(`there is no method ${String(name)}`);
    const noted = args[args.length - 1] as Noted | undefined;
    let result: unknown;
    if (verb >= 0 && noted?.__t === "bpc") {
      args.pop();
      result = capture(verb, args, { facts: factsText(noted), wall: noted.at ?? Date.now() });
    } else {
      result = method(...args);
    }
    (entry as { done?: (result: unknown) => void }).done?.(result);
  };
}
