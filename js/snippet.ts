// The inline stub: keeps calls made before tidegate.js arrives, with the time and the page they were made on.
// An entry is [method, ...args], an event verb's with the page facts of Segment's snippet at its end; `done` on it
// settles the promise the caller got. data-global on the script tag names the global.

type Entry = unknown[] & { done?: (value: unknown) => void };
interface Stub extends Array<Entry> {
  [member: string]: unknown;
  on: (name: string, listener: unknown) => unknown;
  off: (name: string, listener: unknown) => unknown;
}

const LIMIT = 10_000;
const EVENT_VERBS = 6;
const PROMISING = 16;

const page = document;
const place = location;
const globals = window as unknown as Record<string, Stub | undefined>;
const global = (page.currentScript as HTMLElement | null)?.dataset.global || "analytics";
const found = globals[global];

// Whatever already tracks under this name stays: a loaded SDK, or another stub.
if (!found?.track) {
  // biome-ignore lint/suspicious/noAssignInExpressions: every byte here is inlined into every page.
  const stub = (globals[global] = found?.push ? found : ([] as unknown as Stub));

  const keep = (...entry: Entry) =>
    new Promise((done) => {
      entry.done = done;
      stub[LIMIT] ? done(0) : stub.push(entry);
    });

  const nothing = () => null;
  const empty = () => ({});
  // One answer to every question: as a consent state, as counters, as a user or group.
  const blank = () => ({
    status: "pending",
    purposes: {},
    dropped: {},
    errors: {},
    id: nothing,
    anonymousId: nothing,
    traits: empty,
  });

  // `group`, which alone also reads, and the other event verbs; then what returns a promise; then what chains.
  "group track page screen identify alias ready flush register deregister addSourceMiddleware addDestinationMiddleware trackLink trackForm trackClick trackSubmit on once off emit debug timeout use reset forget setAnonymousId"
    .split(" ")
    .forEach((method, index) => {
      stub[method] = (...args: unknown[]) => {
        if (!index && !args.length) return blank();
        if (index < EVENT_VERBS)
          args.push({
            __t: "bpc",
            c: page.querySelector("[rel=canonical]")?.getAttribute("href"),
            p: place.pathname,
            u: place.href,
            s: place.search,
            t: page.title,
            r: page.referrer,
            at: Date.now(),
          });
        const kept = keep(method, ...args);
        return index < PROMISING ? kept : stub;
      };
    });

  stub.state = "stub";
  stub.user = stub.stats = blank;
  stub.explain = () => [];
  stub.consent = {
    get: blank,
    set(purposes: unknown, options: unknown) {
      keep("consent.set", purposes, options);
      return blank();
    },
    on(listener: unknown) {
      stub.on("consent", listener);
      return () => stub.off("consent", listener);
    },
  };
  stub.data = { push: (data: unknown) => keep("data.push", data), get() {}, snapshot: empty };
}

export {};
