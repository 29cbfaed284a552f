import type { Properties } from "../tidegate.d.ts";
import type { Callback, Front } from "./front";
import type { Layer } from "./layer";
import { createCommerce, PRODUCT_ACTIONS, PROMOTION_ACTIONS } from "./mparticle-commerce";
import { createConsent } from "./mparticle-consent";
import { createIdentity, IDENTITY_TYPES, type IdentityRequest } from "./mparticle-identity";

/** https://docs.mparticle.com/developers/client-sdks/web/event-tracking/#custom-event-type */
const EVENT_TYPES =
  "Unknown Navigation Location Search Transaction UserContent UserPreference Social Other Media".split(" ");

/** There are no sessions, positions and kits to tell of: these are answered and told. */
const WITHOUT =
  "endSession startNewSession setSessionAttribute setAppName setAppVersion setPosition startTrackingLocation stopTrackingLocation logBaseEvent setLogLevel upload".split(
    " ",
  );

type Methods = Record<string, Callback>;

/** A name and its number, as mParticle's enumerations have them. */
const numbered = (names: string[]) => Object.fromEntries(names.map((name, at) => [name, at]));

interface Stub extends Record<string, unknown> {
  config?: { rq?: unknown; identifyRequest?: IdentityRequest; identityCallback?: Callback };
}

/** `mParticle`: https://docs.mparticle.com/developers/client-sdks/web/. */
export function openMParticle(front: Front, _layer: Layer): () => void {
  const { own, instance } = front;
  const page = window as unknown as { mParticle?: Stub };
  if (typeof page.mParticle?.getInstance === "function")
    throw new Error("mParticle's own SDK runs on this page: remove one of the two");
  page.mParticle ??= {};
  const face = page.mParticle;
  const config: NonNullable<Stub["config"]> = face.config ?? {};
  const consent = createConsent(front);
  const identity = createIdentity(front, consent.ofUser);
  const commerce = createCommerce(front);

  const elements = (selector: unknown) =>
    typeof selector === "string" ? document.querySelectorAll(selector) : selector;
  const typed = (type: unknown, flags: unknown) => ({
    context: { mparticle: { eventType: EVENT_TYPES[Number(type)] ?? "Other", ...(flags as object | undefined) } },
  });

  const methods: Methods = {
    logEvent: (name, type, attributes, flags) =>
      own.track(name as string, attributes as Properties, typed(type, flags)),
    logPageView: (name, attributes, flags) =>
      own.page(name as string | undefined, (attributes ?? {}) as Properties, typed(1, flags)),
    logError(error, attributes) {
      const { name, message, stack } = (error instanceof Error ? error : { message: error }) as Partial<Error>;
      own.track("Error", { name, message, stack, ...(attributes as object | undefined) });
    },
    logLink: (selector, name, type, attributes) =>
      own.trackLink(elements(selector) as Element, name as string, { ...(attributes as object), eventType: type }),
    logForm: (selector, name, type, attributes) =>
      own.trackForm(elements(selector) as Element, name as string, { ...(attributes as object), eventType: type }),
    // To opt out is to deny; a yes is for the page's consent platform to hear.
    setOptOut(isOut) {
      if (!isOut) throw new Error("consent is not granted here: see analytics.consent");
      const purposes = Object.keys(own.consent.get().purposes);
      own.consent.set(Object.fromEntries(purposes.map((purpose) => [purpose, false])));
    },
  };
  for (const name of WITHOUT)
    methods[name] = () => {
      throw new Error("Tidegate has nothing like it");
    };

  /** Each call in its turn, whether it comes now or waited in the stub. */
  const now =
    (name: string, method: Callback) =>
    (...args: unknown[]) =>
      front.guarded(`mParticle.${name}()`, () => method(...args));
  const later =
    (name: string, method: Callback) =>
    (...args: unknown[]) =>
      front.turn(`mParticle.${name}()`, () => method(...args));
  const queued: Methods = {};
  const add = (to: object, owner: string, methods: Methods) => {
    for (const [name, method] of Object.entries(methods)) {
      queued[owner + name] = now(owner + name, method);
      (to as Methods)[name] = later(owner + name, method);
    }
  };

  const ready = (callback: unknown) => {
    if (typeof callback === "function") front.guarded("mParticle.ready()", () => callback(), "listener_failed");
  };
  const start = ({ identifyRequest, identityCallback }: NonNullable<Stub["config"]>) => {
    if (identifyRequest) identity.methods.identify?.(identifyRequest, identityCallback);
  };

  add(face, "", methods);
  const ofCommerce = Object.assign(face.eCommerce ?? {}, commerce.made);
  add(ofCommerce, "eCommerce.", commerce.methods);
  const cart = (ofCommerce as { Cart?: object }).Cart ?? {};
  add(cart, "eCommerce.Cart.", commerce.cart);
  const ofIdentity = Object.assign(face.Identity ?? {}, identity.users);
  add(ofIdentity, "Identity.", identity.methods);
  Object.assign(face, {
    config,
    eCommerce: Object.assign(ofCommerce, { Cart: cart }),
    Identity: ofIdentity,
    EventType: numbered(EVENT_TYPES),
    IdentityType: IDENTITY_TYPES,
    ProductActionType: numbered(PRODUCT_ACTIONS.map(([name]) => name)),
    PromotionType: numbered(PROMOTION_ACTIONS.map(([name]) => name)),
    Consent: consent.makers,
    ready: (callback: unknown) => front.turn("mParticle.ready()", () => ready(callback)),
    init: (_key: unknown, given: unknown) => front.turn("mParticle.init()", () => start(Object(given ?? config))),
    isInitialized: () => instance.link.state() === "ready",
    getDeviceId: () => own.user().anonymousId() ?? "",
    getVersion: () => String((own as { VERSION?: unknown }).VERSION),
    getInstance: () => face,
  });

  /** What the snippet keeps: functions for `ready`, and calls as `[name, …arguments]`. */
  const replay = (entry: unknown) => {
    if (!Array.isArray(entry)) return ready(entry);
    const [name, ...args] = entry;
    const method = Object.entries(queued).find(([known]) => known === name)?.[1];
    if (method) method(...args);
    else
      front.guarded(`mParticle.${String(name)}()`, () => {
        throw new TypeError("there is no such method");
      });
  };
  const kept: unknown[] = Array.isArray(config.rq) ? config.rq : [];
  config.rq = { push: (entry: unknown) => front.turn("mParticle", () => replay(entry)) };

  return () => {
    front.guarded("mParticle.config", () => start(config));
    for (const entry of kept) replay(entry);
  };
}
