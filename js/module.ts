import { createAnalytics } from "./analytics";
import type { Method } from "./api/kit";
import { createPageFacts } from "./facts";
import { createInstance } from "./instance";
import { type Found, globals, start } from "./start";
import type { Analytics, LoadOptions, SegmentOptions, User } from "./tidegate.d.ts";

/** Starts an instance. See tidegate.d.ts; `found` is for `AnalyticsBrowser`. */
export const load = (options: LoadOptions, found?: Found): Analytics =>
  start(
    options?.global,
    () => ({
      config: options.config ?? "tidegate.json",
      wasm: options.wasm ?? new URL("./tidegate_bg.wasm", import.meta.url),
      base: new URL(".", import.meta.url).href,
      writeKey: options.writeKey ?? null,
      region: options.region,
    }),
    options,
    found,
  );

type Loaded = [analytics: Analytics, context?: undefined];

/** A stub's buffer, or what takes entries at once. */
type Entries = Found & unknown[];

const never = () => new Promise<never>(() => {});

/** Segment's way to start one. See tidegate.d.ts. */
export class AnalyticsBrowser extends Promise<Loaded> {
  instance?: Analytics;
  load: (settings: LoadOptions, options?: SegmentOptions) => this;

  constructor() {
    let settle: (loaded: Loaded) => void;
    super((resolve) => {
      settle = resolve;
    });
    const self = this as unknown as Analytics;
    const entries = [] as unknown as Entries;
    const facts = createPageFacts();

    // Until it is loaded, an instance that never starts answers, and each call of a method becomes an entry.
    const guard =
      (name: string, method: Method, otherwise: unknown): Method =>
      (...args) => {
        if (idle.state === "failed") return method(...args);
        let answer = otherwise;
        try {
          // Without the arguments: nothing of the page's is called, and nothing of it stays. Some need them.
          answer = name === "group" && args.length ? otherwise : method();
        } catch {}
        const kept = new Promise((done) => {
          // More are not kept.
          entries[10_000]
            ? done(0)
            : entries.push(Object.assign([name, ...args], { done, moment: { facts: facts(), wall: Date.now() } }));
        });
        if (name === "consent.on") return () => self.off("consent", args[0] as Method);
        if (answer === idle) return self;
        if ((answer as Partial<typeof kept> | undefined)?.then) return kept;
        // Whom Segment's promises to tell, ours tells at once, and promises too.
        return (answer as Partial<User> | undefined)?.logout ? Object.assign(kept, answer) : answer;
      };
    const idle: Analytics = createAnalytics(
      { ...createInstance(never, "", never), guard },
      {},
      { script: never, part: never },
    );
    const become = (one: object) => Object.defineProperties(this, Object.getOwnPropertyDescriptors(one));
    // `push` takes entries, which none but a loaded one can carry out.
    become({ ...idle, push: undefined });

    this.load = (settings, options) => {
      this.load = () => this;
      const given = { ...settings, ...options };
      const page = globals[given.global as string] as Entries | undefined;
      // A stub of the page's becomes the instance, since the page may have kept it. Under no name there is none.
      page?.push?.(...entries.splice(0));
      const analytics = load(given, page?.push ? page : entries) as Analytics & Entries;
      entries.push = analytics.push;
      become(analytics);
      analytics.ready(() => {
        this.instance = analytics;
        settle([analytics]);
      });
      return this;
    };
  }

  /** What follows on it is a promise like others. */
  static override get [Symbol.species]() {
    return Promise;
  }

  static load(settings: LoadOptions, options?: SegmentOptions) {
    return new AnalyticsBrowser().load(settings, options);
  }

  static async standalone(writeKey: string, options?: SegmentOptions) {
    return (await AnalyticsBrowser.load({ writeKey }, options))[0];
  }
}
