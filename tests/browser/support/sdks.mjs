/** Vendors' own browser SDKs, and Tidegate with those vendors as destinations: the same visit to the same page, and what arrived of it. */
import { openHost } from "../../audit/support/host.mjs";
import { bundled } from "./bundled.mjs";
import { eachItsOwn, inOneForm, onlyOurs, onlyTheirs } from "./differences.mjs";
import { until } from "./until.mjs";

/** @typedef {import("../../audit/support/host.mjs").Host} Host */
/** @typedef {{ name: string, about: any }} Sent an event as a platform got it, with what its request says of it */

/** What the page tells, whichever SDK is on it. */
export const VISIT = {
  anonymousId: "0f7c1b9e-5a0c-4a53-9b1e-7f2f6f0c2a11",
  page: "Cart",
  upgrade: { plan: "pro", seats: 3, trial: false, limits: { projects: 10 }, tags: ["a", "b"] },
  /** What is done with the product, in Segment's words and in mParticle's. */
  actions: {
    "Product Viewed": "ViewDetail",
    "Product Clicked": "Click",
    "Product Added": "AddToCart",
    "Product Removed": "RemoveFromCart",
    "Product Added to Wishlist": "AddToWishlist",
    "Product Removed from Wishlist": "RemoveFromWishlist",
  },
  product: {
    product_id: "p1",
    name: "Shirt",
    brand: "Acme",
    category: "Clothes",
    variant: "blue",
    price: 19.95,
    quantity: 2,
    position: 1,
    coupon: "SUMMER",
    currency: "EUR",
  },
  userId: "u-1",
  traits: { email: "ann@example.com", name: "Ann", plan: "gold", seats: 3 },
  order: {
    order_id: "o-1",
    affiliation: "Shop",
    total: 45,
    revenue: 40,
    tax: 3.5,
    shipping: 1.5,
    currency: "EUR",
    coupon: "SUMMER",
    products: [
      { product_id: "p1", name: "Shirt", brand: "Acme", price: 19.95, quantity: 2, position: 1 },
      { product_id: "p2", name: "Hat", category: "Clothes", variant: "red", price: 5.1, quantity: 1, coupon: "HAT" },
    ],
  },
  groupId: "acme",
  group: { name: "Acme", employees: 12 },
  consent: { analytics: true, advertising: false },
};

/** What each platform's host answers where all is well. @type {Record<string, import("../../audit/support/host.mjs").Answer>} */
const ANSWERS = {
  "/ours/amplitude": { body: '{"code":200}' },
  "/ours/snowplow": { body: "ok", headers: { "content-type": "text/plain" } },
  "/ours/mparticle": { status: 202, body: "" },
  "/ours/segment": { body: '{"success":true}' },
  "/theirs/amplitude": { body: '{"code":200}' },
  "/theirs/snowplow/com.snowplowanalytics.snowplow/tp2": { body: "ok", headers: { "content-type": "text/plain" } },
  "/theirs/mparticle/v3/JS/key/events": { status: 202, body: "{}" },
  ...Object.fromEntries(
    ["identify", "login"].map((call) => [
      `/theirs/mparticle/identity/${call}`,
      { body: JSON.stringify({ context: null, mpid: "101", matched_identities: {}, is_ephemeral: false }) },
    ]),
  ),
  ...Object.fromEntries(["p", "t", "i", "g"].map((call) => [`/theirs/segment/${call}`, { body: '{"success":true}' }])),
};

/** @param {Host} host */
const config = ({ url }) => ({
  version: 1,
  writeKey: "w",
  consent: {
    model: "opt-in",
    cmp: "manual",
    purposes: { necessary: { always: true }, analytics: {}, advertising: {} },
  },
  identity: { consent: { allOf: ["analytics"] } },
  destinations: Object.entries({
    amplitude: { apiKey: "key" },
    snowplow: { appId: "shop", vendor: "com.acme", namespace: "sp" },
    mparticle: { key: "key", secret: "secret", planId: "shop_plan", planVersion: 2 },
    segment: {},
  }).map(([kind, settings]) => ({
    id: kind,
    kind,
    url: `${url}/ours/${kind}`,
    consent: { allOf: ["analytics"] },
    batch: { maxWaitMs: 50 },
    settings,
  })),
});

const SDKS = `
  import * as amplitude from "@amplitude/analytics-browser";
  import mParticle from "@mparticle/web-sdk";
  import { AnalyticsBrowser } from "@segment/analytics-next";
  import * as snowplow from "@snowplow/browser-tracker";
  window.sdks = { amplitude, mParticle, AnalyticsBrowser, snowplow };`;

/** @param {string} scripts */
const page = (scripts) => ({
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your cart</title><link rel="icon" href="data:,">
${scripts}</head><body></body></html>`,
});

/**
 * A visit with Tidegate, and one with the vendors' SDKs, at the same address.
 * @param {import("./browsers.mjs").Browser} browser
 */
export async function visits(browser) {
  const shop = await openHost("shop");
  const host = await openHost("platforms");
  for (const [path, answer] of Object.entries(ANSWERS))
    host.answer(path, { headers: { "content-type": "application/json" }, ...answer });
  shop.answer("/", { body: '<!doctype html><title>Shop</title><a href="/cart?size=m">Cart</a>' });
  shop.answer("/config.json", { body: JSON.stringify(config(host)) });
  shop.answer("/sdks.js", { body: await bundled(SDKS) });

  /** @param {string} scripts @param {() => boolean} isThere */
  const open = async (scripts, isThere) => {
    shop.answer("/cart", page(scripts));
    const tab = await (await browser.visitor()).open(shop.url);
    await tab.click("a");
    // While one page makes way for the other there is none to ask.
    await until(() => tab.run(isThere).catch(() => false));
    return tab;
  };
  const ours = await open(
    '<script src="/dist/snippet.min.js"></script><script async src="/dist/tidegate.js" data-config="/config.json"></script>',
    () => window.analytics?.state === "ready",
  );
  await ours.run(callTidegate, VISIT);
  const theirs = await open('<script src="/sdks.js"></script>', () => "sdks" in window);
  await theirs.run(callVendors, VISIT, host.url);
  return {
    /** What a platform has by now, of each visit. @param {Platform} platform */
    sent: ({ id, read }) => ({ ours: sent(host, `/ours/${id}`, read), theirs: sent(host, `/theirs/${id}`, read) }),
    hosts: [shop.url, host.url],
    asked: [...(await ours.asked()), ...(await theirs.asked())],
    stop() {
      shop.stop();
      host.stop();
    },
  };
}

/** @param {Host} host @param {string} path @param {Platform["read"]} read @returns {Sent[]} */
const sent = ({ seen }, path, read) =>
  seen
    .filter((one) => one.method === "POST" && one.path.startsWith(path))
    .flatMap(({ path, body }) => read(JSON.parse(body), path));

/** Runs in the page. @param {typeof VISIT} visit */
function callTidegate(visit) {
  const { analytics } = window;
  analytics.setAnonymousId(visit.anonymousId);
  analytics.consent.set(visit.consent);
  analytics.page(visit.page);
  analytics.track("Plan Upgraded", visit.upgrade);
  for (const name of Object.keys(visit.actions)) analytics.track(name, visit.product);
  analytics.identify(visit.userId, visit.traits);
  analytics.track("Order Completed", visit.order);
  analytics.track("Order Refunded", visit.order);
  analytics.group(visit.groupId, visit.group);
}

/** The same calls as each vendor documents them; runs in the page. @param {typeof VISIT} visit @param {string} url */
async function callVendors(visit, url) {
  const { amplitude, mParticle, AnalyticsBrowser, snowplow } = /** @type {any} */ (window).sdks;
  const { products, ...order } = visit.order;
  const host = url.replace("http://", "");

  const onAmplitude = async () => {
    const only = { pageViews: true, pageUrlEnrichment: true };
    await amplitude.init("key", {
      deviceId: visit.anonymousId,
      serverUrl: `${url}/theirs/amplitude`,
      autocapture: { attribution: false, sessions: false, formInteractions: false, fileDownloads: false, ...only },
      remoteConfig: { fetchRemoteConfig: false },
      enableDiagnostics: false,
      flushIntervalMillis: 50,
    }).promise;
    // Who and when is filled in as an event leaves the SDK's queue, so each call waits for the one before.
    await amplitude.track("Plan Upgraded", visit.upgrade).promise;
    for (const name of Object.keys(visit.actions)) await amplitude.track(name, visit.product).promise;
    amplitude.setUserId(visit.userId);
    const person = new amplitude.Identify();
    for (const [name, value] of Object.entries(visit.traits)) person.set(name, value);
    amplitude.identify(person);
    const { revenue, currency } = order;
    amplitude.track("Order Completed", visit.order, { revenue, currency });
    // So its API's reference has refunds.
    amplitude.track("Order Refunded", visit.order, { revenue: -revenue, currency });
    amplitude.setGroup("company", visit.groupId);
    const company = new amplitude.Identify();
    for (const [name, value] of Object.entries(visit.group)) company.set(name, value);
    amplitude.groupIdentify("company", visit.groupId, company);
  };

  const onSnowplow = () => {
    snowplow.newTracker("sp", `${url}/theirs/snowplow`, {
      appId: "shop",
      credentials: "omit",
      contexts: { webPage: true, session: false },
    });
    snowplow.addGlobalContexts([
      {
        schema: "iglu:com.snowplowanalytics.snowplow/gdpr/jsonschema/1-0-0",
        data: { basisForProcessing: "consent", documentDescription: "necessary,analytics" },
      },
    ]);
    const track = (/** @type {string} */ name, /** @type {object} */ data) =>
      snowplow.trackSelfDescribingEvent({ event: { schema: `iglu:com.acme/${name}/jsonschema/1-0-0`, data } });
    snowplow.trackPageView();
    track("plan_upgraded", visit.upgrade);
    for (const name of Object.keys(visit.actions)) track(name.toLowerCase().replaceAll(" ", "_"), visit.product);
    snowplow.setUserId(visit.userId);
    track("identify", visit.traits);
    track("order_completed", visit.order);
    track("order_refunded", visit.order);
    track("group", { groupId: visit.groupId, ...visit.group });
  };

  const onMparticle = async () => {
    await new Promise((resolve) =>
      mParticle.init("key", {
        // What its config host would answer, which it only asks over TLS.
        requestConfig: false,
        flags: { eventBatchingIntervalMillis: 0 },
        isDevelopmentMode: false,
        deviceId: visit.anonymousId,
        dataPlan: { planId: "shop_plan", planVersion: 2 },
        forceHttps: false,
        v3SecureServiceUrl: `${host}/theirs/mparticle/v3/JS/`,
        identityUrl: `${host}/theirs/mparticle/identity/`,
        identifyRequest: { userIdentities: {} },
        identityCallback: resolve,
        logLevel: "none",
      }),
    );
    const user = mParticle.Identity.getCurrentUser();
    const consent = mParticle.Consent.createConsentState();
    for (const [purpose, granted] of Object.entries({ necessary: true, ...visit.consent }))
      consent.addGDPRConsentState(purpose, mParticle.Consent.createGDPRConsent(granted, Date.now()));
    user.setConsentState(consent);
    const product = (/** @type {any} */ one) =>
      mParticle.eCommerce.createProduct(
        one.name,
        one.product_id,
        one.price,
        one.quantity,
        one.variant,
        one.category,
        one.brand,
        one.position,
        one.coupon,
      );
    mParticle.logPageView(visit.page);
    mParticle.logEvent("Plan Upgraded", mParticle.EventType.Other, visit.upgrade);
    mParticle.eCommerce.setCurrencyCode(visit.order.currency);
    const types = mParticle.ProductActionType;
    for (const action of Object.values(visit.actions))
      mParticle.eCommerce.logProductAction(types[action], [product(visit.product)], visit.product);
    await new Promise((resolve) =>
      mParticle.Identity.login({ userIdentities: { customerid: visit.userId, email: visit.traits.email } }, resolve),
    );
    for (const [name, value] of Object.entries(visit.traits))
      mParticle.Identity.getCurrentUser().setUserAttribute(name, value);
    for (const action of [types.Purchase, types.Refund])
      mParticle.eCommerce.logProductAction(action, products.map(product), order, null, {
        Id: order.order_id,
        Affiliation: order.affiliation,
        CouponCode: order.coupon,
        Revenue: order.total,
        Shipping: order.shipping,
        Tax: order.tax,
      });
  };

  const onSegment = async () => {
    const settings = { apiKey: "w", apiHost: `${host}/theirs/segment`, protocol: "http" };
    const [analytics] = await AnalyticsBrowser.load({
      writeKey: "w",
      cdnSettings: { integrations: { "Segment.io": settings } },
    });
    analytics.setAnonymousId(visit.anonymousId);
    await analytics.page(visit.page);
    await analytics.track("Plan Upgraded", visit.upgrade);
    for (const name of Object.keys(visit.actions)) await analytics.track(name, visit.product);
    await analytics.identify(visit.userId, visit.traits);
    await analytics.track("Order Completed", visit.order);
    await analytics.track("Order Refunded", visit.order);
    await analytics.group(visit.groupId, visit.group);
  };

  await Promise.all([onAmplitude(), onSnowplow(), onMparticle(), onSegment()]);
}

const isText = (/** @type {unknown} */ value) => typeof value === "string" && value !== "";
const isUuid = (/** @type {any} */ value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
/** Milliseconds or ISO 8601, of this test's time. @param {any} value */
const isNow = (value) => Math.abs(Date.now() - (/T.*Z$/.test(value) ? Date.parse(value) : Number(value))) < 10 * 60_000;

/**
 * @typedef {object} Platform
 * @property {string} id
 * @property {string[]} names of what it gets of the visit, by either
 * @property {Record<string, string>} beside names of what only the vendor's SDK sends, and why
 * @property {(body: any, path: string) => Sent[]} read
 * @property {number} members that are the same, at least: fewer, and something is not compared any more
 * @property {import("./differences.mjs").Exception[]} exceptions at `/<name>/<member>`
 */

/** @type {Platform} */
const amplitude = {
  id: "amplitude",
  names: [
    "[Amplitude] Page Viewed",
    "Plan Upgraded",
    ...Object.keys(VISIT.actions),
    "$identify",
    "Order Completed",
    "Order Refunded",
    "$identify with group",
    "$groupidentify with group",
  ],
  beside: {},
  read: ({ events, ...request }) =>
    events.map((/** @type {any} */ event) => ({
      name: `${event.event_type}${event.groups ? " with group" : ""}`,
      about: { ...event, request },
    })),
  members: 269,
  exceptions: [
    eachItsOwn("each makes IDs of its own, by which Amplitude drops what comes twice", isText, "/*/insert_id"),
    eachItsOwn("the visits were one after the other", isNow, "/*/time", "/*/request/client_upload_time"),
    eachItsOwn("the SDK's name and version", isText, "/*/library"),
    onlyTheirs("sessions, and a counter within them, are the SDK's own", "/*/session_id", "/*/event_id"),
    onlyTheirs(
      "what its SDK remembers from page to page, which no event has",
      "/*/event_properties/[Amplitude] Page View ID",
      "/*/event_properties/[Amplitude] Page Counter",
      "/*/event_properties/[Amplitude] Previous Page *",
    ),
    onlyOurs(
      "Segment has a page's facts among its properties too",
      ...["name", "path", "search", "title", "url", "[Amplitude] Page Referrer"].map(
        (name) => `/[Amplitude] Page Viewed/event_properties/${name}`,
      ),
    ),
    onlyOurs(
      "the SDK refuses IDs of less than five letters only where it is told to",
      "/*/request/options/min_id_length",
    ),
  ].flat(),
};

/** @type {Platform} */
const snowplow = {
  id: "snowplow",
  names: [
    "pv",
    "ue plan_upgraded",
    ...Object.keys(VISIT.actions).map((name) => `ue ${name.toLowerCase().replaceAll(" ", "_")}`),
    "ue identify",
    "ue order_completed",
    "ue order_refunded",
    "ue group",
  ],
  beside: {},
  read: ({ schema, data }) =>
    data.map((/** @type {any} */ { e, ue_pr, co, ...rest }) => {
      const own = ue_pr && JSON.parse(ue_pr);
      const entities = JSON.parse(co);
      const byName = entities.data.map((/** @type {any} */ one) => [one.schema.split("/")[1], one]);
      return {
        name: own ? `${e} ${own.data.schema.split("/")[1]}` : e,
        about: { ...rest, e, ue_pr: own, co: { ...entities, data: Object.fromEntries(byName) }, request: { schema } },
      };
    }),
  members: 298,
  exceptions: [
    eachItsOwn("each makes IDs of its own", isUuid, "/*/eid", "/*/duid"),
    eachItsOwn("the visits were one after the other", isNow, "/*/dtm", "/*/stm"),
    eachItsOwn("the SDK's name and version", isText, "/*/tv"),
    onlyTheirs("sessions are the SDK's own", "/*/sid", "/*/vid"),
    onlyTheirs("an ID for each page's life, which no event has", "/*/co/data/web_page/**"),
    onlyTheirs(
      "facts of the browser that Tidegate does not read",
      ...["cookie", "cs", "res", "cd", "vp", "ds"].map((key) => `/*/${key}`),
    ),
    onlyOurs("the SDK tells the title of page views alone", "/ue */page"),
    onlyOurs(
      "the SDK leaves it to the request's header, which is not the visitor's where a collector forwards",
      "/*/ua",
    ),
  ].flat(),
};

/** @type {Platform} */
const mparticle = {
  id: "mparticle",
  names: [
    "screen_view",
    "Plan Upgraded",
    "view_detail",
    "click",
    "add_to_cart",
    "remove_from_cart",
    "add_to_wishlist",
    "remove_from_wish_list",
    "identify",
    "purchase",
    "refund",
  ],
  beside: {
    session_start: "sessions are the SDK's own",
    application_state_transition: "the life of the SDK on the page",
    user_identity_change: "what an identity was before is known to the SDK, and to mParticle, not to an event",
    user_attribute_change:
      "what an attribute was before, likewise; the batch of the last one is compared as `identify`",
  },
  read({ events, ...batch }, path) {
    if (path.includes("/identity/")) return [];
    if (events.length === 0) return [{ name: "identify", about: { batch } }];
    return events.map((/** @type {any} */ { event_type, data }) => {
      if (data.user_attribute_name === Object.keys(VISIT.traits).at(-1)) return { name: "identify", about: { batch } };
      return {
        name: data.event_name ?? data.product_action?.action ?? event_type,
        about: { event_type, data, batch },
      };
    });
  },
  members: 307,
  exceptions: [
    eachItsOwn("each makes IDs of its own", isUuid, "/*/batch/source_request_id", "/*/data/source_message_id"),
    eachItsOwn(
      "the visits were one after the other",
      isNow,
      "/*/batch/timestamp_unixtime_ms",
      "/*/data/timestamp_unixtime_ms",
      "/*/batch/consent_state/gdpr/*/timestamp_unixtime_ms",
    ),
    onlyTheirs("the SDK's version", "/*/batch/sdk_version"),
    onlyOurs("the version of the Events API", "/*/batch/schema_version"),
    onlyTheirs("whom mParticle took the visitor for; of the Events API it finds that out itself", "/*/batch/mpid"),
    onlyTheirs("sessions are the SDK's own", "/*/data/session_uuid", "/*/data/session_start_unixtime_ms"),
    onlyTheirs("facts of the browser that Tidegate does not read", "/*/batch/device_info/screen_*"),
    onlyOurs("the SDK leaves it to the request's header", "/*/batch/device_info/http_header_user_agent"),
    onlyOurs("the SDK knows it as an attribute at most", "/*/data/page_url"),
    onlyTheirs("what the SDK says of a page without attributes", "/screen_view/data/custom_attributes/hostname"),
    onlyOurs(
      "Segment has a page's facts among its properties too",
      ...["name", "path", "referrer", "search", "url"].map((name) => `/screen_view/data/custom_attributes/${name}`),
    ),
    onlyTheirs(
      "the SDK says again what mParticle's profile has since `identify`; an event has the user's ID",
      ...["purchase", "refund"].flatMap((name) => [
        `/${name}/batch/user_identities/email`,
        `/${name}/batch/user_attributes/*`,
      ]),
    ),
    onlyOurs(
      "the SDK leaves out what is no plain value",
      "/Plan Upgraded/data/custom_attributes/limits_projects",
      "/Plan Upgraded/data/custom_attributes/tags",
    ),
    inOneForm("attributes are texts in the Events API", String, "/*/data/custom_attributes/*"),
  ].flat(),
};

/** @type {Platform} */
const segment = {
  id: "segment",
  names: [
    "page",
    "Plan Upgraded",
    ...Object.keys(VISIT.actions),
    "identify",
    "Order Completed",
    "Order Refunded",
    "group",
  ],
  beside: {},
  read: ({ batch, ...body }) =>
    batch
      ? batch.map((/** @type {any} */ event) => ({ name: event.event ?? event.type, about: { ...body, ...event } }))
      : [{ name: body.event ?? body.type, about: body }],
  members: 339,
  exceptions: [
    eachItsOwn("each makes IDs of its own", isText, "/*/messageId"),
    eachItsOwn("the visits were one after the other", isNow, "/*/timestamp", "/*/sentAt"),
    eachItsOwn("the SDK's name and version", isText, "/*/context/library/*"),
    onlyOurs("the SDK knows nothing of consent by itself", "/*/context/consent/**"),
    onlyOurs("where in Tidegate's queue it was", "/*/context/tidegate/**", "/*/batchId"),
    onlyTheirs("the SDK's own plugins", "/*/_metadata/**"),
  ].flat(),
};

export const platforms = [amplitude, snowplow, mparticle, segment];
