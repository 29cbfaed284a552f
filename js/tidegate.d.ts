/** The public types of Tidegate. Times are milliseconds since the Unix epoch, sizes are bytes, unless said otherwise. */

/** An identifier as Segment's types have it; Tidegate answers null where there is none. */
export type ID = string | null | undefined;

/**
 * What a call takes: the members that Segment names have a type, others may be anything. The second half lets in values
 * of an interface type, which has no index signature.
 */
type Open<Known> = (Known & { readonly [key: string]: unknown }) | (Known & object);

/** Event properties: https://segment.com/docs/connections/spec/track/#properties */
export interface Properties {
  [key: string]: unknown;
}

/** The name of `Properties` in Segment's types. */
export type EventProperties = Properties;

/** Of a user or a group. A member that the visitor's record lacks may be null. */
interface CommonTraits {
  address?: Address | null | undefined;
  /** URL of a picture. */
  avatar?: string | null | undefined;
  createdAt?: Date | string | null | undefined;
  description?: string | null | undefined;
  email?: string | null | undefined;
  id?: string | number | null | undefined;
  industry?: string | null | undefined;
  name?: string | null | undefined;
  phone?: string | number | null | undefined;
  /** What the user or group pays for. */
  plan?: string | null | undefined;
  /** URL. */
  website?: string | null | undefined;
}

interface Address {
  city?: string | null | undefined;
  country?: string | null | undefined;
  postalCode?: string | null | undefined;
  state?: string | null | undefined;
  street?: string | null | undefined;
}

interface Company {
  name?: string | null | undefined;
  id?: string | number | null | undefined;
  industry?: string | null | undefined;
  employee_count?: number | null | undefined;
  plan?: string | null | undefined;
}

interface KnownUserTraits extends CommonTraits {
  /** In years. */
  age?: number | null | undefined;
  birthday?: Date | string | null | undefined;
  company?: Company | null | undefined;
  firstName?: string | null | undefined;
  gender?: string | null | undefined;
  lastName?: string | null | undefined;
  /** The position held, such as "VP of Engineering". */
  title?: string | null | undefined;
  username?: string | null | undefined;
}

interface KnownGroupTraits extends CommonTraits {
  /** How many there are. */
  employees?: string | number | null | undefined;
}

/** Traits of a user: https://segment.com/docs/connections/spec/identify/#traits */
export interface UserTraits extends KnownUserTraits {
  [trait: string]: unknown;
}

/** Traits of a group: https://segment.com/docs/connections/spec/group/#traits */
export interface GroupTraits extends KnownGroupTraits {
  [trait: string]: unknown;
}

export type Traits = UserTraits | GroupTraits;

/** Which destinations get an event, by name: `{ All: false, collector: true }`. An object is settings for that one. */
export interface IntegrationsOptions {
  All?: boolean | undefined;
  [destination: string]: boolean | { [key: string]: unknown } | undefined;
}

interface KnownContext {
  /** False where an `identify` only updates traits, and the user was not there. */
  active?: boolean | undefined;
  amp?: { id: string } | undefined;
  campaign?: { name: string; source: string; medium: string; [utm: string]: string } | undefined;
  ip?: string | undefined;
  library?: { name: string; version: string } | undefined;
  /** A BCP 47 tag such as `en-US`. */
  locale?: string | undefined;
  location?:
    | {
        city?: string | undefined;
        country?: string | undefined;
        /** Degrees, as text; so is `longitude`. */
        latitude?: string | undefined;
        longitude?: string | undefined;
        region?: string | undefined;
        speed?: number | undefined;
      }
    | undefined;
  page?: { [Fact in keyof PageFacts]?: string | undefined } | undefined;
  /** Who sent the visitor, where a campaign or an ad network says so. */
  referrer?:
    | {
        type?: string | undefined;
        name?: string | undefined;
        url?: string | undefined;
        link?: string | undefined;
        id?: string | undefined;
        btid?: string | undefined;
        urid?: string | undefined;
      }
    | undefined;
  /** The user's traits, for a destination that wants them with each event. */
  traits?: Traits | undefined;
  userAgent?: string | undefined;
  /** https://wicg.github.io/ua-client-hints/#dictdef-uadatavalues */
  userAgentData?:
    | {
        brands?: Brand[] | undefined;
        mobile?: boolean | undefined;
        platform?: string | undefined;
        architecture?: string | undefined;
        bitness?: string | undefined;
        fullVersionList?: Brand[] | undefined;
        model?: string | undefined;
        platformVersion?: string | undefined;
        uaFullVersion?: string | undefined;
        wow64?: boolean | undefined;
      }
    | undefined;
}

interface Brand {
  brand: string;
  version: string;
}

/** What an event happened in: https://segment.com/docs/connections/spec/common/#context */
export interface EventContext extends KnownContext {
  [key: string]: unknown;
}

interface KnownOptions {
  integrations?: IntegrationsOptions | undefined;
  /** Merged into the event's context. */
  context?: Open<KnownContext> | undefined;
  /** When it happened, if not now. A number is milliseconds since the Unix epoch. */
  timestamp?: Date | string | number | undefined;
  anonymousId?: string | undefined;
  userId?: string | undefined;
  messageId?: string | undefined;
  traits?: Traits | undefined;
}

/** What one call can set beside its properties. Members without a meaning go into the event's context. */
export interface EventOptions extends KnownOptions {
  context?: EventContext | undefined;
  [key: string]: unknown;
}

/** The name of `EventOptions` in Segment's types. */
export type Options = EventOptions;

/** The page an event happened on, as in Segment's `context.page`. */
export interface PageFacts {
  /** Path of the canonical URL where the page names one, else of the page's URL. */
  path: string;
  referrer: string;
  /** With its leading `?`; empty without a query. */
  search: string;
  title: string;
  /** The canonical URL where the page names one, else the page's URL without its fragment. */
  url: string;
}

/** An event as plugins and middleware may write it (Segment's HTTP Tracking API). */
export interface SegmentEvent {
  type: "track" | "page" | "screen" | "identify" | "group" | "alias";
  messageId?: string | undefined;
  timestamp?: Date | string | undefined;
  /** The name of a `track`. */
  event?: string | undefined;
  /** The name of a `page` or `screen`. */
  name?: string | undefined;
  category?: string | undefined;
  properties?: Properties | undefined;
  traits?: Traits | undefined;
  userId?: ID;
  anonymousId?: ID;
  groupId?: ID;
  previousId?: ID;
  integrations?: IntegrationsOptions | undefined;
  /** What the call gave as options; it does not go on the wire. */
  options?: EventOptions | undefined;
  context?: EventContext | undefined;
  writeKey?: string | undefined;
  sentAt?: Date | undefined;
}

/** A finished event as it goes on the wire. */
export interface TidegateEvent extends SegmentEvent {
  /** A UUIDv7, unless the call gave one. */
  messageId: string;
  /** When the call was made, ISO 8601 with milliseconds; for plugins, and after them, a `Date`. One may be set. */
  get timestamp(): string;
  set timestamp(timestamp: Date | string);
  context: EventContext;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LogMessage {
  level: LogLevel;
  message: string;
  time?: Date;
  extras?: { [key: string]: unknown };
}

/** Why a plugin gave up on an event. */
export interface ContextCancelation {
  /** Whether the event may be tried again. */
  retry: boolean;
  type: string;
  reason?: string;
}

/** A number that a plugin counted or measured. */
export interface Metric {
  metric: string;
  value: number;
  type: "gauge" | "counter";
  tags: string[];
  /** Milliseconds since the Unix epoch. */
  timestamp: number;
}

/** A context as plain data. */
export interface SerializedContext {
  id: string;
  event: SegmentEvent;
  logs: LogMessage[];
  metrics?: Metric[];
}

/**
 * One event on its way: what plugins get, and what an event verb's promise resolves to, once the event is captured, or has
 * passed the page's plugins (at most 30 seconds each). It never waits for consent or network.
 *
 * All of it is there for plugins, and for a caller whose event met one. Without plugins a caller's context has `event`, `id` and
 * `logs()`: the others have nothing to do then.
 */
export interface Context {
  /** Of this context, not of the event. */
  readonly id: string;
  /**
   * The event, built when first read. A plugin may change its members or put another in its place.
   * Where a verb's call was refused or the core is not there it reads as undefined, which Segment's type leaves no room for.
   */
  get event(): TidegateEvent;
  set event(event: SegmentEvent);
  /** How often delivery was tried. */
  attempts: number;
  /**
   * Sets the value at a dotted path such as `properties.total` and returns the event. What the call switched off under
   * `integrations` stays off.
   */
  updateEvent(path: string, value: unknown): SegmentEvent;
  /** Stops the event here by a throw, of `error` where there is one. Only for use in a plugin. */
  cancel(error?: Error | ContextCancelation): never;
  log(level: LogLevel, message: string, extras?: object): void;
  /** What was logged so far. */
  logs(): LogMessage[];
  readonly stats: {
    /** Adds to a counter, 1 by default. */
    increment(metric: string, by?: number, tags?: string[]): void;
    gauge(metric: string, value: number, tags?: string[]): void;
  };
  toJSON(): SerializedContext;
}

/** Called once with the context, when the event is captured or the time of `timeout()` is over. */
export type Callback<Ctx = Context> = (ctx: Ctx) => unknown;

/**
 * When it runs: `before` all others, as `enrichment`, as a `destination`, `after` the event has passed those and is queued, or waits
 * for consent, which says nothing of its delivery, or as `utility` for none of these.
 */
export type PluginType = "before" | "enrichment" | "destination" | "after" | "utility";

type PluginHook = (ctx: Context) => Promise<Context> | Context;

/**
 * A part of the pipeline that the page brings. Its hooks get each event of their type, and return the context. What a hook returns
 * in its place counts as nothing: one of type `before` thereby cancels the event.
 */
export interface Plugin {
  /** By which `deregister` and `integrations` name it. */
  name: string;
  /** Further names that `integrations` may use. */
  alternativeNames?: string[];
  type: PluginType;
  version?: string;
  isLoaded: () => boolean;
  load: (ctx: Context, instance: Analytics) => Promise<unknown>;
  unload?: (ctx: Context, instance: Analytics) => Promise<unknown> | unknown;
  /** `analytics.ready()` waits for it. */
  ready?: () => Promise<unknown>;
  track?: PluginHook;
  page?: PluginHook;
  screen?: PluginHook;
  identify?: PluginHook;
  group?: PluginHook;
  alias?: PluginHook;
}

/** An event as middleware gets it: `obj` to change it, methods to read it. They answer undefined where there is nothing. */
export interface SegmentFacade {
  /** The event itself; middleware may change it or put another in its place. */
  obj: SegmentEvent;
  type(): SegmentEvent["type"];
  /** As `type`. */
  action(): SegmentEvent["type"];
  /** A copy of the event. */
  json(): { [key: string]: unknown };
  /** The event as it was given. */
  rawEvent(): { [key: string]: unknown };
  /** The value at a dotted path such as `properties.total`, whatever its letters' case. */
  proxy(path: string): unknown;
  /** The call's options, or those for one destination. */
  options(integration?: string): { [key: string]: unknown };
  integrations(): { [destination: string]: unknown };
  /** Whether a destination gets the event. */
  enabled(integration: string): boolean;
  /** `aliases` renames members: `{ from: "to" }`. */
  traits(aliases?: object): { [trait: string]: unknown };
  userId(): unknown;
  anonymousId(): unknown;
  groupId(): unknown;
  timestamp(): unknown;
  ip(): unknown;
  userAgent(): unknown;
}

/** What middleware of all events gets. An event for which it does not call `next` goes no further. */
export interface MiddlewareParams {
  payload: SegmentFacade;
  /** The destinations there are. */
  integrations?: SegmentEvent["integrations"];
  /** Hands the event on; with null it stays as it was. */
  next: (payload: SegmentFacade | null) => void;
}

/** What middleware of one destination gets: a copy of the event for that destination. */
export interface DestinationMiddlewareParams {
  payload: SegmentFacade;
  /** The name of the destination. */
  integration: string;
  /** Hands the event on; with null, or where it is not called, the destination does not get it. */
  next: (payload: SegmentFacade | null) => void;
}

export type MiddlewareFunction = (middleware: MiddlewareParams) => void | Promise<void>;
export type DestinationMiddlewareFunction = (middleware: DestinationMiddlewareParams) => void | Promise<void>;

/** The visitor's consent, from all sources together. */
export interface ConsentState {
  /** Grows with every change. */
  readonly rev: number;
  readonly status: "pending" | "ready" | "error" | "expired";
  readonly model: "opt-in" | "opt-out" | "none" | "unknown";
  /** Where the visitor is, as `data-region` or the load option says. */
  readonly jurisdiction: string | null;
  /** Whether the visitor decided, rather than a default. */
  readonly explicit: boolean;
  readonly purposes: { readonly [purpose: string]: "granted" | "denied" | "unknown" };
  /** Who decided: `manual`, a consent platform's name, several joined by `+`, or `none`. */
  readonly source: string;
  /** Global Privacy Control (https://w3c.github.io/gpc/); null where the browser does not tell. */
  readonly gpc: boolean | null;
  /** What Google's Consent Mode is told, where the config has `consent.googleConsentMode`. */
  readonly googleConsentMode?: { readonly [type: string]: "granted" | "denied" };
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
   * From calls: `unserializable`, `invalid_argument`, `listener_failed`, `overflow`, `plugin_failed`, `plugin_denied`, `script_failed`, and the core's own.
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
  anonymousId(id?: ID): string | null;
  traits(traits?: Open<KnownUserTraits> | null): UserTraits;
  /** As the verb, without an event. */
  identify(id?: string | number | null, traits?: Open<KnownUserTraits>): void;
  /** Forgets who it is. */
  logout(): void;
  reset(): void;
  /** For the sake of Segment's users: nothing needs loading or saving. */
  load(): this;
  save(): boolean;
}

/** The visitor's group (company, account). It has no `anonymousId`: that reads as null. */
export interface Group extends User {
  traits(traits?: Open<KnownGroupTraits> | null): GroupTraits;
  identify(id?: string | number | null, traits?: Open<KnownGroupTraits>): void;
}

/** What `on` can listen to. Any other name is for the page's own `emit`. */
export interface Events {
  /** The core has started, or has failed for good: see `state`. */
  ready: [];
  error: [problem: Problem];
  consent: [state: ConsentState];
  /** An event of each verb, once it is captured. */
  track: [event: string, properties: Properties, options: EventOptions];
  page: [category: string | null, name: string | null, properties: Properties, options: EventOptions];
  screen: [category: string | null, name: string | null, properties: Properties, options: EventOptions];
  identify: [userId: ID, traits: UserTraits, options: EventOptions];
  group: [groupId: ID, traits: GroupTraits, options: EventOptions];
  alias: [to: string, from: ID, options: EventOptions];
  reset: [];
  /** This tag ran, may not any more, and its config says `offerReload`: only a reload of the page ends what its script does. */
  reload: [tag: string];
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
  /**
   * What was decided at each revision, the oldest first: an event's `context.consent.rev` names its receipt. In memory until
   * storage is allowed, then the last 100 are kept across pages.
   */
  receipts(): Promise<readonly Receipt[]>;
}

/** A state of consent, and whom or what it rests on. */
export interface Receipt {
  readonly rev: number;
  /** When, ISO 8601 in UTC. */
  readonly at: string;
  readonly model: "opt-in" | "opt-out" | "none" | "unknown";
  /** The config's `consent.policyRevision`. */
  readonly policyRevision: number;
  /** As on events: what is decided, by purpose. */
  readonly categoryPreferences: { readonly [purpose: string]: boolean };
  /** Who or what gave each purpose and vendor its state. */
  readonly because: { readonly [purpose: string]: string };
}

export interface DataLayer {
  /** Merges into the data layer. With `facades.dataLayer` in the config it takes whatever `dataLayer.push` does. */
  push(data: { readonly [key: string]: unknown } | readonly unknown[] | UntypedFunction): void;
  /** The value at a dotted path such as `ecommerce.value`; undefined where there is none. */
  get(path: string): unknown;
  /** A copy of everything. */
  snapshot(): { readonly [key: string]: unknown };
}

type Elements = Element | ArrayLike<Element> | Iterable<Element> | { toArray(): ArrayLike<Element> } | null | undefined;
type PerElement<T> = T | ((element: Element) => T) | UntypedFunction;

// biome-ignore lint/complexity/noBannedTypes: Segment's types say `Function`, so a value of that type must do here too.
type UntypedFunction = Function;

/** For names of analytics.js 1 that Segment keeps, and forbids to call: they do nothing. */
type Gone = (this: never) => void;

/** The page global. Event verbs shuffle their arguments as Segment's analytics.js does, and tolerate null for each. */
export interface Analytics {
  readonly state: "stub" | "loading" | "ready" | "failed";

  /** Of an event given as an object, the second argument is the options. */
  track(
    event: string | SegmentEvent,
    properties?: object | Callback | null,
    options?: Open<KnownOptions> | Callback | null,
    callback?: Callback | null,
  ): Promise<Context>;
  /** One text is the name, two are category and name. One object is the properties, two are properties and options. */
  page(
    category?: string | object | Callback | null,
    name?: string | object | Callback | null,
    properties?: object | Callback | null,
    options?: Open<KnownOptions> | Callback | null,
    callback?: Callback | null,
  ): Promise<Context>;
  screen: Analytics["page"];
  /** Without an ID, traits and options move to the front. */
  identify(
    id?: string | number | object | Callback | null,
    traits?: Open<KnownUserTraits> | Callback | null,
    options?: Open<KnownOptions> | Callback | null,
    callback?: Callback | null,
  ): Promise<Context>;
  group(): Group;
  group(
    id?: string | number | object | Callback | null,
    traits?: Open<KnownGroupTraits> | Callback | null,
    options?: Open<KnownOptions> | Callback | null,
    callback?: Callback | null,
  ): Promise<Context>;
  alias(
    to: string | number,
    from?: string | number | Open<KnownOptions> | Callback | null,
    options?: Open<KnownOptions> | Callback | null,
    callback?: Callback | null,
  ): Promise<Context>;

  user(): User;
  /** Returns the anonymousId in force afterwards; null where consent does not allow one. */
  setAnonymousId(id?: string): string | null;
  /** Forgets user, group and traits. */
  reset(): void;

  /** Resolves when remembered consent and the stored queue are in force, or the SDK has failed for good. */
  ready(callback?: (() => void) | UntypedFunction): Promise<void>;
  on<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this;
  on(name: string, listener: (...args: unknown[]) => void): this;
  on(name: string, listener: (...args: never[]) => void): this;
  once<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this;
  once(name: string, listener: (...args: unknown[]) => void): this;
  once(name: string, listener: (...args: never[]) => void): this;
  /** Without a listener: all of that name. */
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
    properties?: PerElement<object>,
    options?: Open<KnownOptions>,
  ): Promise<Analytics>;
  trackClick: Analytics["trackLink"];
  /** Tracks submits, likewise. */
  trackForm(
    forms: Elements,
    event: PerElement<string>,
    properties?: PerElement<object>,
    options?: Open<KnownOptions>,
  ): Promise<Analytics>;
  trackSubmit: Analytics["trackForm"];

  /** Resolves once the plugins are loaded. One that fails to load is left out, and named in `failedInitializations`. */
  register(...plugins: readonly Plugin[]): Promise<Context>;
  deregister(...names: readonly string[]): Promise<Context>;
  /** Runs on every event before all destinations. */
  addSourceMiddleware(middleware: MiddlewareFunction): Promise<Analytics>;
  /** Runs on the events of one destination of the config, by its ID. */
  addDestinationMiddleware(
    integration: string,
    ...middleware: readonly DestinationMiddlewareFunction[]
  ): Promise<Analytics>;
  /** Makes the calls that a query asks for: `ajs_uid`, `ajs_aid`, `ajs_event`, `ajs_trait_*`, `ajs_prop_*`. */
  queryString(query: string): Promise<Context[]>;

  /** The version of this SDK. */
  readonly VERSION: string;
  /** The names of plugins that did not load. */
  readonly failedInitializations: string[];

  /** @deprecated Does nothing: the script tag or `load` starts the SDK. */
  initialize(settings?: object, options?: object): Promise<Analytics>;
  /** @deprecated As `initialize`. */
  init: Analytics["initialize"];
  /** @deprecated `page({ path: url })`. */
  pageview(url: string): Promise<Analytics>;
  /** @deprecated Returns this object, and leaves the global as it is. */
  noConflict(): Analytics;
  /** @deprecated Fills in what an event lacks. */
  normalize(event: SegmentEvent): SegmentEvent;
  /** @deprecated Always empty; `register` does not add to it. */
  readonly plugins: { readonly [name: string]: unknown };
  /** @deprecated Destinations of analytics.js 1 by name. There are none. */
  readonly Integrations: { readonly [name: string]: unknown };
  /** @deprecated */
  log: Gone;
  /** @deprecated */
  addIntegrationMiddleware: Gone;
  /** @deprecated */
  add: Gone;
  /** @deprecated */
  addIntegration: Gone;
  /** @deprecated */
  listeners: Gone;
  /** @deprecated */
  addEventListener: Gone;
  /** @deprecated */
  removeAllListeners: Gone;
  /** @deprecated */
  removeListener: Gone;
  /** @deprecated */
  removeEventListener: Gone;
  /** @deprecated */
  hasListeners: Gone;

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

/**
 * For code written for Segment's npm package: an instance, and a promise of it for when it has loaded, as in
 * `const [analytics] = await AnalyticsBrowser.load({ writeKey: "…" })`. What Segment's `AnalyticsBrowser` promises, such as its
 * `user()`, is there at once, so `await` it rather than calling `then`.
 *
 * Calls made before `load` keep their time and page, and are carried out by it, `register` and its like first. Until then nobody is
 * known and nothing is stored or sent.
 */
export interface AnalyticsBrowser
  extends Analytics,
    Pick<Promise<[Analytics, undefined]>, "then" | "catch" | "finally"> {
  /** Starts it, with the options of the function `load` in two objects. A second call does nothing. */
  load(settings: LoadOptions, options?: SegmentOptions): this;
  /** The instance, once it has loaded or failed for good. */
  readonly instance?: Analytics;
}

export declare const AnalyticsBrowser: {
  /** One to be loaded later. On a server it does nothing. */
  new (): AnalyticsBrowser;
  /** One that is loaded at once. */
  load(settings: LoadOptions, options?: SegmentOptions): AnalyticsBrowser;
  /** The instance, once it has loaded or failed for good. */
  standalone(writeKey: string, options?: SegmentOptions): Promise<Analytics>;
};

/** Segment's name for the page global. */
export type AnalyticsSnippet = Analytics;

/** The config; tidegate.schema.json describes it. */
export interface Config {
  readonly version: 1;
  /** Other products' interfaces that the page goes on using. */
  readonly facades?: {
    readonly dataLayer?: { readonly name?: string };
    readonly tealium?: object;
    readonly mparticle?: object;
  };
  readonly variables?: readonly Variable[];
  readonly triggers?: readonly Trigger[];
  readonly tags?: readonly Tag[];
  readonly [section: string]: unknown;
}

/**
 * A named value of the config. Where a member is `unknown`, `{{id}}` in a text stands for a variable and `{{event.path}}` for a value
 * of the finished event, except in `is` and `format`.
 */
export type Variable = {
  readonly id: string;
  /** Takes the place of what is not there or null. */
  readonly default?: unknown;
  /** What is made of the value, after its default. */
  readonly format?: {
    readonly case?: "lower" | "upper";
    readonly trim?: boolean;
    /** What takes the place of null; so do `true` and `false`. */
    readonly null?: unknown;
    readonly true?: unknown;
    readonly false?: unknown;
  };
} & (
  | { readonly kind: "data" | "property" | "event" | "global"; readonly path: string }
  | { readonly kind: "constant"; readonly value: unknown }
  | {
      readonly kind: "url" | "referrer";
      /** Without it all of the address. */
      readonly part?: "url" | "protocol" | "host" | "port" | "path" | "extension" | "query" | "fragment";
      /** One parameter of the query. */
      readonly key?: string;
      readonly stripWww?: boolean;
      /** A variable that holds the address. */
      readonly of?: string;
    }
  /** What follows `utm_`. */
  | { readonly kind: "utm"; readonly key: string }
  | { readonly kind: "cookie"; readonly name: string; readonly decode?: boolean }
  | { readonly kind: "element"; readonly selector: string; readonly attribute?: string }
  | {
      readonly kind: "device";
      readonly fact:
        | "userAgent"
        | "language"
        | "timezone"
        | "screenWidth"
        | "screenHeight"
        | "viewportWidth"
        | "viewportHeight"
        | "pixelRatio"
        | "online";
    }
  | {
      readonly kind: "lookup";
      /** A variable. */
      readonly input: string;
      readonly rows: readonly { readonly is: unknown; readonly value: unknown }[];
    }
  | {
      readonly kind: "regex-table";
      /** A variable. */
      readonly input: string;
      /** In a text `$1` and so on stand for groups, `$&` for all that matched. */
      readonly rows: readonly { readonly matches: string; readonly value: unknown }[];
      /** True by default; so is `full`: the whole text has to match. */
      readonly ignoreCase?: boolean;
      readonly full?: boolean;
    }
  | { readonly kind: "random"; readonly min?: number; readonly max?: number }
  | { readonly kind: "consent"; readonly purpose: string }
);

/** A condition on a variable, or all, any or not of others. */
export type Condition =
  | {
      readonly var: string;
      readonly op:
        | "=="
        | "!="
        | ">"
        | ">="
        | "<"
        | "<="
        | "contains"
        | "starts-with"
        | "ends-with"
        | "matches"
        | "matches-selector"
        | "exists";
      /** References in it are filled, but an expression or a selector has to be written out. `exists` has none. */
      readonly value?: unknown;
      readonly ignoreCase?: boolean;
    }
  | { readonly all: Conditions }
  | { readonly any: Conditions }
  | { readonly not: Condition };

type Conditions = Condition | readonly Condition[];

/** What tags fire on. */
export type Trigger = {
  readonly id: string;
  /** One condition that must hold, or a list of which all must. */
  readonly where?: Conditions;
  /** ISO 8601 in UTC; `until` is not in it. */
  readonly schedule?: { readonly from?: string; readonly until?: string };
  /** The share of occasions, in percent. */
  readonly sample?: number;
} /** `*` is every event of every kind. */ & (
  | { readonly kind: "event"; readonly event: string; readonly match?: "exact" | "regex" }
  | { readonly kind: "consent-initialization" | "initialization" | "page-view" | "dom-ready" | "window-loaded" }
  | { readonly kind: "click"; readonly on?: "all" | "links"; readonly selector?: string }
  | { readonly kind: "form-submit"; readonly selector?: string }
  | {
      readonly kind: "visibility";
      readonly selector: string;
      readonly once?: "page" | "element" | "every";
      readonly percent?: number;
      readonly forMs?: number;
      /** Elements that come later, too. */
      readonly watch?: boolean;
    }
  | {
      readonly kind: "scroll";
      /** Marks; there must be some in `vertical` or `horizontal`. */
      readonly vertical?: readonly number[];
      readonly horizontal?: readonly number[];
      readonly unit?: "percent" | "pixels";
    }
  | { readonly kind: "timer"; readonly everyMs: number; readonly times?: number }
  | { readonly kind: "history" | "error" | "consent" }
  | {
      readonly kind: "media";
      readonly on?: readonly ("start" | "pause" | "complete" | "progress")[];
      /** Marks in percent. */
      readonly progress?: readonly number[];
      readonly selector?: string;
    }
  /** Triggers, none of them a group. */
  | { readonly kind: "group"; readonly of: readonly string[] }
);

/** What may load on the page, and when. */
export interface Tag {
  readonly id: string;
  /** `custom-script`, `custom-pixel`, `custom-html`, or the name of a file in `templates`. */
  readonly template: string;
  /** Values for the template; `{{id}}` and `{{event.path}}` in their texts are filled. */
  readonly params?: { readonly [name: string]: unknown };
  readonly consent?: Requirement;
  /** Triggers. */
  readonly fireOn?: readonly string[];
  /** Triggers: where one of them fires at the same occasion, the tag does not. */
  readonly exceptOn?: readonly string[];
  readonly fire?: "per-event" | "per-page" | "unlimited";
  /** The higher is first. */
  readonly priority?: number;
  /** Tags that run before it; with `stopOnFailure` it does not run where the other failed or is not allowed. */
  readonly setup?: readonly { readonly tag: string; readonly stopOnFailure?: boolean }[];
  /** Tags that run after it; with `onlyOnSuccess` only where it did not fail. */
  readonly cleanup?: readonly { readonly tag: string; readonly onlyOnSuccess?: boolean }[];
  /** How long others wait for it, in milliseconds. */
  readonly timeoutMs?: number;
  /** What a withdrawal does once it ran. */
  readonly onWithdraw?: {
    readonly calls?: readonly { readonly call: string; readonly args?: readonly unknown[] }[];
    readonly deleteCookies?: readonly string[];
    readonly offerReload?: boolean;
  };
}

/** Purposes of which all, and purposes of which one must be granted, and a vendor that must be allowed. */
export interface Requirement {
  readonly allOf?: readonly string[];
  readonly anyOf?: readonly string[];
  readonly vendor?: string;
}

/** What Segment's `analytics.load(writeKey, options)` takes, as far as it makes sense without Segment's servers. */
export interface SegmentOptions {
  /** Which destinations get events unless a call says otherwise. */
  readonly integrations?: IntegrationsOptions | undefined;
  /** Makes a page call at once. */
  readonly initialPageview?: boolean | undefined;
  /** False: the page's address says nothing of the visitor. Patterns: only with an anonymousId or user ID that fits. */
  readonly useQueryString?: boolean | { readonly aid?: RegExp; readonly uid?: RegExp } | undefined;
  /** Nothing is stored beyond the page; so it is with only `memory` among the stores, and where the user does not persist. */
  readonly disableClientPersistence?: boolean | undefined;
  readonly storage?: { readonly stores?: readonly unknown[] } | undefined;
  readonly user?: { readonly persist?: boolean } | undefined;
  /** Collects nothing: calls are answered and forgotten. */
  readonly disable?: boolean | ((settings: object) => boolean) | undefined;
}

export interface LoadOptions extends SegmentOptions {
  /** The config itself or its URL, by default `tidegate.json` relative to the page. */
  readonly config?: Config | string | URL | undefined;
  /** URL of tidegate_bg.wasm; beside the module by default. */
  readonly wasm?: string | URL;
  /** Write key for destinations that name none. */
  readonly writeKey?: string;
  /** Where the visitor is, ISO 3166 such as `US-CA`, for `consent.regions` of the config. */
  readonly region?: string;
  /** Also installs the instance as this global, and takes over what a stub buffered there. */
  readonly global?: string;
}

/**
 * Starts the SDK and returns at once; calls made before the core is ready keep their order, time and page facts.
 * Outside a browser it returns an instance that does nothing.
 */
export function load(options: LoadOptions): Analytics;
