import { type Capture, type Moment, VERBS } from "./api/events";
import type { Method, Methods } from "./api/kit";
import { factsText, type RawFacts } from "./facts";

/** An event verb's last member in a stub's buffer; Segment's own snippet does not note the time. */
type Noted = RawFacts & { __t?: "bpc"; at?: number };

/** What an entry may have beside its members: `done` settles what its caller got. */
interface Kept {
  done?(result: unknown): void;
  /** In place of page facts among the members. */
  moment?: Moment;
}

/** Carries out entries `[method, ...args]` that a stub kept, or an instance that was not loaded yet. */
export function createReplay(methods: Methods, capture: Capture): Method {
  return (entry) => {
    const [name, ...args] = Array.from(entry as ArrayLike<unknown>);
    const verb = VERBS.indexOf(name as string);
    const method = methods[name as string];
    if (!method) throw new TypeError(`there is no method ${name}`);
    const noted = args[args.length - 1] as Noted | undefined;
    let { done, moment } = entry as Kept;
    if (noted?.__t === "bpc") {
      args.pop();
      moment = { facts: factsText(noted), wall: noted.at ?? Date.now() };
    }
    const result = verb < 0 ? method(...args) : capture(verb, args, moment);
    done?.(result);
  };
}
