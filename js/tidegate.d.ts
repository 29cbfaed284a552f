/** The public types of Tidegate. Times are milliseconds since the Unix epoch, sizes are bytes, unless said otherwise. */

/** Event properties: https://segment.com/docs/connections/spec/track/#properties */
export interface Properties {
  readonly [key: string]: unknown;
}

/** Traits of a user or group: https://segment.com/docs/connections/spec/identify/#traits */
export interface Traits {
  readonly [key: string]: unknown;
}

/** What one call can set beside its properties. */
export interface EventOptions {
  /** Which destinations get this event: `{ All: false, collector: true }`. */
  readonly integrations?: { readonly [destination: string]: boolean | { readonly [key: string]: unknown } };
  /** Merged into the event's context. */
  readonly context?: { readonly [key: string]: unknown };
  /** When it happened, if not now. */
  readonly timestamp?: Date | string | number;
  readonly anonymousId?: string;
  readonly userId?: string;
  readonly messageId?: string;
  readonly [key: string]: unknown;
}

/** The page an event happened on, as in Segment's `context.page`. */
export interface PageFacts {
  /** Path of the canonical URL where the page names one, else of the page's URL. */
  readonly path: string;
  readonly referrer: string;
  /** With its leading `?`; empty without a query. */
  readonly search: string;
  readonly title: string;
  /** The canonical URL where the page names one, else the page's URL without its fragment. */
  readonly url: string;
}

/** A finished event as it goes on the wire (Segment's HTTP Tracking API). */
export interface TidegateEvent {
  /** A UUIDv7. */
  readonly messageId: string;
  /** When the call was made, ISO 8601 with milliseconds. */
  readonly timestamp: string;
  readonly type: "track" | "page" | "screen" | "identify" | "group" | "alias";
  /** The name of a `track`. */
  readonly event?: string;
  /** The name of a `page` or `screen`. */
  readonly name?: string;
  readonly category?: string;
  readonly properties?: Properties;
  readonly traits?: Traits;
  readonly userId?: string | null;
  readonly anonymousId?: string | null;
  readonly groupId?: string | null;
  readonly previousId?: string | null;
  readonly integrations?: { readonly [destination: string]: unknown };
  /** What the call gave as options; it does not go on the wire. */
  readonly options?: EventOptions;
  readonly context: { readonly page?: PageFacts; readonly [key: string]: unknown };
}

/** What an event verb's promise resolves to, once the event is captured. It never waits for consent or network. */
export interface Context {
  /** The finished event, built when first read; undefined where the call was refused or the core is not there. */
  readonly event: TidegateEvent | undefined;
}

/** Called once with the context, when the event is captured or the time of `timeout()` is over. */
export type Callback = (ctx: Context) => void;

/** The visitor's consent, from all sources together. */
export interface ConsentState {
  /** Grows with every change. */
  readonly rev: number;
  readonly status: "pending" | "ready" | "error" | "expired";
  readonly model: "opt-in" | "opt-out" | "none" | "unknown";
  readonly jurisdiction: string | null;
  /** Whether the visitor decided, rather than a default. */
  readonly explicit: boolean;
  readonly purposes: { readonly [purpose: string]: "granted" | "denied" | "unknown" };
  /** Who decided: `manual`, a consent platform's name, several joined by `+`, or `none`. */
  readonly source: string;
  /** Global Privacy Control (https://w3c.github.io/gpc/); null where the browser does not tell. */
  readonly gpc: boolean | null;
}

/** The counters: `captured = pending + queued + inFlight + delivered + Σ dropped`, per destination, always. */
export interface Counters {
  readonly captured: number;
  /** Waiting for a consent decision, in memory. */
  readonly pending: number;
  /** Allowed, and waiting to be sent. */
  readonly queued: number;
  readonly inFlight: number;
  readonly delivered: number;
  readonly dropped: { readonly [reason: string]: number };
  readonly duplicatesAvoided: number;
}

export interface Stats extends Counters {
  /** Problems by code, those the page caused included. */
  readonly errors: { readonly [code: string]: number };
  /** What a crash of the tab can take: with `memory` everything that was not sent. */
  readonly durability: "journal+idb" | "journal" | "memory";
  readonly perDestination: { readonly [id: string]: Counters };
}

/** Why a destination or tag got an event, or did not. */
export interface Decision {
  /** `destination:<id>` or `tag:<id>`. */
  readonly subject: string;
  readonly decision: "allow" | "deny" | "pending";
  /** The rules it rests on, in words. */
  readonly because: readonly string[];
  /** Of a tag, where one event was asked about: whether a trigger fired it. */
  readonly fired?: boolean;
  /** The consent revision at which it was given. */
  readonly consentRev: number;
  /** When, ISO 8601 in UTC. */
  readonly at: string;
}

/** A problem, as `on("error")` gets it. Nothing on the global throws. */
export interface Problem {
  /**
   * From loading: `config_unreachable`, `config_invalid`, `wasm_unreachable`, `wasm_failed`, `core_failed`.
   * From calls: `unserializable`, `unsupported`, `invalid_argument`, `listener_failed`, `overflow`, and the core's own.
   */
  readonly code: string;
  /** What happened and what to do. */
  readonly message: string;
  /** The URL, JSON pointer or call it happened at. */
  readonly where?: string;
}

/** The visitor as the core knows them. Each method reads, and sets what it is given; `null` clears. */
export interface User {
  id(id?: string | number | null): string | null;
  /** Without consent there is none: it reads as null. */
  anonymousId(id?: string | null): string | null;
  traits(traits?: Traits | null): Traits;
  /** As the verb, without an event. */
  identify(id?: string | number | null, traits?: Traits): void;
  /** Forgets who it is. */
  logout(): void;
  reset(): void;
  /** For the sake of Segment's users: nothing needs loading or saving. */
  load(): this;
  save(): boolean;
}

/** The visitor's group (company, account). */
export type Group = Omit<User, "anonymousId">;

/** What `on` can listen to. Any other name is for the page's own `emit`. */
export interface Events {
  /** The core has started, or has failed for good: see `state`. */
  ready: [];
  error: [problem: Problem];
  consent: [state: ConsentState];
}

export interface Consent {
  get(): ConsentState;
  /**
   * Decides for a site without a consent platform; in force before it returns. Merges into earlier decisions.
   * `explicit: false` marks a default, which never grants under `opt-in`.
   */
  set(purposes: { readonly [purpose: string]: boolean }, options?: { readonly explicit?: boolean }): ConsentState;
  /** Listens to changes. Returns the function that stops listening. */
  on(listener: (state: ConsentState) => void): () => void;
}

export interface DataLayer {
  /** Merges into the data layer. */
  push(data: { readonly [key: string]: unknown }): void;
  /** The value at a dotted path such as `ecommerce.value`; undefined where there is none. */
  get(path: string): unknown;
  /** A copy of everything. */
  snapshot(): { readonly [key: string]: unknown };
}

type Elements = Element | ArrayLike<Element> | Iterable<Element> | null | undefined;
type PerElement<T> = T | ((element: Element) => T);

/** The page global. Event verbs shuffle their arguments as Segment's analytics.js does. */
export interface Analytics {
  readonly state: "stub" | "loading" | "ready" | "failed";

  track(event: string, callback?: Callback): Promise<Context>;
  track(event: string, properties?: Properties | null, callback?: Callback): Promise<Context>;
  track(
    event: string,
    properties?: Properties | null,
    options?: EventOptions | null,
    callback?: Callback,
  ): Promise<Context>;
  page(callback?: Callback): Promise<Context>;
  page(
    name: string,
    properties?: Properties | null,
    options?: EventOptions | Callback | null,
    callback?: Callback,
  ): Promise<Context>;
  page(
    category: string | null,
    name: string | null,
    properties?: Properties | Callback | null,
    options?: EventOptions | Callback | null,
    callback?: Callback,
  ): Promise<Context>;
  page(properties: Properties, options?: EventOptions | Callback | null, callback?: Callback): Promise<Context>;
  screen(callback?: Callback): Promise<Context>;
  screen(
    name: string,
    properties?: Properties | null,
    options?: EventOptions | Callback | null,
    callback?: Callback,
  ): Promise<Context>;
  screen(
    category: string | null,
    name: string | null,
    properties?: Properties | Callback | null,
    options?: EventOptions | Callback | null,
    callback?: Callback,
  ): Promise<Context>;
  screen(properties: Properties, options?: EventOptions | Callback | null, callback?: Callback): Promise<Context>;
  identify(
    id?: string | number | null,
    traits?: Traits | Callback | null,
    options?: EventOptions | Callback | null,
    callback?: Callback,
  ): Promise<Context>;
  identify(traits: Traits, options?: EventOptions | Callback | null, callback?: Callback): Promise<Context>;
  group(): Group;
  group(
    id: string | number | null,
    traits?: Traits | Callback | null,
    options?: EventOptions | Callback | null,
    callback?: Callback,
  ): Promise<Context>;
  group(traits: Traits, options?: EventOptions | Callback | null, callback?: Callback): Promise<Context>;
  alias(
    to: string | number,
    from?: string | number | Callback | null,
    options?: EventOptions | Callback | null,
    callback?: Callback,
  ): Promise<Context>;

  user(): User;
  /** Returns the anonymousId in force afterwards; null where consent does not allow one. */
  setAnonymousId(id?: string): string | null;
  /** Forgets user, group and traits. */
  reset(): void;

  /** Resolves when remembered consent and the stored queue are in force, or the SDK has failed for good. */
  ready(callback?: () => void): Promise<void>;
  on<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this;
  on(name: string, listener: (...args: never[]) => void): this;
  once<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this;
  once(name: string, listener: (...args: never[]) => void): this;
  off(name: string, listener?: (...args: never[]) => void): this;
  emit(name: string, ...args: readonly unknown[]): this;
  /** Logs problems and consent changes to the console, on this page. */
  debug(on?: boolean): this;
  /** How long a callback waits for a core that is still loading, in milliseconds (300). */
  timeout(ms: number): this;
  /** Calls the function with this object. */
  use(plugin: (analytics: Analytics) => void): this;

  /** Tracks clicks. The navigation is not held up: the event is on disk before the page goes. */
  trackLink(
    links: Elements,
    event: PerElement<string>,
    properties?: PerElement<Properties>,
    options?: EventOptions,
  ): Promise<Analytics>;
  trackClick: Analytics["trackLink"];
  /** Tracks submits, likewise. */
  trackForm(
    forms: Elements,
    event: PerElement<string>,
    properties?: PerElement<Properties>,
    options?: EventOptions,
  ): Promise<Analytics>;
  trackSubmit: Analytics["trackForm"];

  /** Not supported yet: reported as `unsupported`. So are the next three. */
  register(...plugins: readonly unknown[]): Promise<Analytics>;
  deregister(...names: readonly string[]): Promise<Analytics>;
  addSourceMiddleware(middleware: unknown): Promise<Analytics>;
  addDestinationMiddleware(destination: string, ...middleware: readonly unknown[]): Promise<Analytics>;

  readonly consent: Consent;
  readonly data: DataLayer;
  stats(): Stats;
  /** The decisions on one event, or the latest ones. */
  explain(messageId?: string): readonly Decision[];
  /** Resolves when the queue is empty or every destination is backing off. */
  flush(): Promise<void>;
  /** Deletes every identifier, queue entry and key this SDK ever wrote on this origin, and stops. */
  forget(): void;
}

/** The config; tidegate.schema.json describes it. */
export interface Config {
  readonly version: 1;
  readonly [section: string]: unknown;
}

export interface LoadOptions {
  /** The config itself or its URL. */
  readonly config: Config | string | URL;
  /** URL of tidegate_bg.wasm; beside the module by default. */
  readonly wasm?: string | URL;
  /** Write key for destinations that name none. */
  readonly writeKey?: string;
  /** Also installs the instance as this global, and takes over what a stub buffered there. */
  readonly global?: string;
}

/**
 * Starts the SDK and returns at once; calls made before the core is ready keep their order, time and page facts.
 * Outside a browser it returns an instance that does nothing.
 */
export function load(options: LoadOptions): Analytics;

declare global {
  interface Window {
    analytics?: Analytics;
  }
}
