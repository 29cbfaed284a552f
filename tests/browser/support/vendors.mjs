/** Vendors whose own script npm has: the tag that loads it, and what of its own wire format a test reads. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { root } from "../../../js/scripts/tools.mjs";
import { bundled } from "./bundled.mjs";

/** What a vendor was sent of one event: its name there, what belongs to it, and when it happened, in milliseconds. @typedef {{ name: string, about: Record<string, any>, at?: number }} Sent */

/**
 * @typedef {object} Vendor
 * @property {string} template
 * @property {string} script
 * @property {(host: string) => object} params of the tag, as a site would set them, with the host in the vendor's place
 * @property {string[]} globals what the script and its stub put on the page
 * @property {(request: import("./vendor-host.mjs").Received) => Sent[]} read
 * @property {(url: string) => [string, Record<string, any>][]} sends what it sends of the page's calls: the name and a part of what belongs to it
 * @property {string[]} asks every path it asks for beside the script
 * @property {(about: Record<string, any>) => string} [visitor] as whom it knows somebody unnamed, where the template tells it
 * @property {() => void} [flush] at once what it would send within seconds; runs in the page
 * @property {() => void} [stray] a call that the page itself makes; runs in the page. Only where the vendor can be told to ignore it
 */

/** @param {string} path in its package */
const packaged = (path) => readFileSync(join(root, "node_modules", path), "utf8");

/** @param {{ body: Buffer }} request */
const json = ({ body }) => JSON.parse(String(body));

/** @type {Vendor} */
const mixpanel = {
  template: "mixpanel",
  script: packaged("mixpanel-browser/dist/mixpanel.min.js"),
  params: (host) => ({ token: "t-1", src: `${host}/sdk.js`, apiHost: host }),
  globals: ["mixpanel"],
  asks: ["/engage/", "/track/"],
  read({ url, body }) {
    if (url.pathname !== "/track/") return [];
    const { event, properties } = JSON.parse(new URLSearchParams(String(body)).get("data") ?? "");
    const { time, ...about } = properties;
    return [{ name: event, about, at: time < 1e11 ? time * 1000 : time }];
  },
  sends: (url) => [
    ["$mp_web_page_view", { token: "t-1", page_name: "Shop", $current_url: url }],
    ["Signed Up", { plan: "pro", $user_id: undefined }],
    ["$identify", { $user_id: "u-1" }],
    ["Order Completed", { order_id: "o-1", revenue: 42, $user_id: "u-1" }],
    ["Back", { step: 1 }],
  ],
  stray: () => void window.mixpanel.track("Stray"),
};

/** @type {Vendor} */
const posthog = {
  template: "posthog",
  script: packaged("posthog-js/dist/array.js"),
  params: (host) => ({
    apiKey: "phc_1",
    src: `${host}/sdk.js`,
    apiHost: host,
    // It takes a driven browser for a bot, whose events it drops.
    options: { opt_out_useragent_filter: true },
  }),
  globals: ["posthog"],
  asks: ["/e/"],
  visitor: ({ distinct_id }) => distinct_id,
  read({ url, body }) {
    if (url.pathname !== "/e/") return [];
    const { batch } = JSON.parse(String(body[0] === 0x1f ? gunzipSync(body) : body));
    return batch.map((/** @type {any} */ { event, properties, timestamp }) => ({
      name: event,
      about: properties,
      at: Date.parse(timestamp),
    }));
  },
  sends: (url) => [
    ["$pageview", { token: "phc_1", name: "Shop", $current_url: url }],
    ["Signed Up", { plan: "pro", $user_id: undefined }],
    ["$identify", { distinct_id: "u-1" }],
    ["Order Completed", { order_id: "o-1", revenue: 42, distinct_id: "u-1" }],
    ["Back", { step: 1 }],
  ],
  // Without options it would gather the call for three seconds, and the test be over.
  stray: () => void window.posthog.capture("Stray", {}, { send_instantly: true }),
};

/** @type {Vendor} */
const amplitude = {
  template: "amplitude",
  script: packaged("@amplitude/analytics-browser/lib/scripts/amplitude-min.js"),
  params: (host) => ({ apiKey: "k-1", src: `${host}/sdk.js`, options: { serverUrl: `${host}/2/httpapi` } }),
  globals: ["amplitude"],
  asks: ["/2/httpapi"],
  visitor: ({ device_id }) => device_id,
  read: (request) =>
    json(request).events.map((/** @type {any} */ { event_type, event_properties, time, ...event }) => ({
      name: event_type,
      about: { ...event_properties, ...event },
      at: time,
    })),
  sends: (url) => [
    ["[Amplitude] Page Viewed", { name: "Shop", "[Amplitude] Page Location": url }],
    ["Signed Up", { plan: "pro" }],
    ["$identify", { user_id: "u-1", user_properties: { $set: { plan: "gold" } } }],
    ["Order Completed", { order_id: "o-1", revenue: 42, user_id: "u-1" }],
    ["Back", { step: 1 }],
  ],
  stray: () => void window.amplitude.track("Stray"),
};

/** @type {Vendor} */
const plausible = {
  template: "plausible",
  // Its package has the module of which its own scripts are made; they add the attributes, and the calls that waited.
  script: await bundled(`
    import { init } from "@plausible-analytics/tracker";
    // Its own switch for browsers that are driven, whose events it drops.
    window.__plausible = true;
    const { domain, api: endpoint } = document.currentScript.dataset;
    const { o, q } = window.plausible;
    init({ ...o, domain, endpoint });
    for (const call of q) window.plausible(...call);`),
  params: (host) => ({ domain: "shop.example", src: `${host}/sdk.js`, endpoint: `${host}/api/event` }),
  globals: ["plausible"],
  asks: ["/api/event"],
  read: (request) => [json(request)].map(({ n, p, $, ...about }) => ({ name: n, about: { ...p, ...$, ...about } })),
  sends: (url) => [
    ["pageview", { d: "shop.example", u: url }],
    ["Signed Up", { plan: "pro" }],
    ["Order Completed", { order_id: "o-1", currency: "EUR", amount: 42 }],
    ["Back", { step: 1 }],
  ],
};

/** @type {Vendor} */
const snowplow = {
  template: "snowplow",
  // npm has what sp.js is made of, and not sp.js, which does the calls that its stub kept, and those that follow.
  script: await bundled(`
    import * as tracker from "@snowplow/browser-tracker";
    import * as shop from "@snowplow/browser-plugin-snowplow-ecommerce";
    const [name] = window.GlobalSnowplowNamespace;
    const { q } = window[name];
    const push = ([what, ...given]) => {
      const [method, trackers] = what.split(":");
      if (method !== "newTracker") return ({ ...tracker, ...shop })[method](...given, [trackers]);
      const [namespace, collector, options] = given;
      tracker.newTracker(namespace, collector, { ...options, plugins: [shop.SnowplowEcommercePlugin()] });
    };
    for (const call of q) push(call);
    window[name].q = { push };`),
  params: (host) => ({ collectorUrl: host, appId: "shop", src: `${host}/sdk.js` }),
  globals: ["snowplow", "GlobalSnowplowNamespace"],
  asks: ["/com.snowplowanalytics.snowplow/tp2"],
  read: (request) => json(request).data.map(ofSnowplow),
  sends: (url) => [
    ["pv", { aid: "shop", url, page: "A page", uid: undefined }],
    ["Signed Up", { se_ca: "event", uid: undefined }],
    ["snowplow_ecommerce_action", { type: "transaction", transaction_id: "o-1", revenue: 42, uid: "u-1" }],
    ["Back", { se_ca: "event" }],
  ],
};

/** Its entities are counted to what belongs to the event. @param {any} event of its payload @returns {Sent} */
function ofSnowplow({ e, se_ac, ue_pr, co, dtm, ...rest }) {
  const own = ue_pr && JSON.parse(ue_pr).data;
  const entities = JSON.parse(co).data.map((/** @type {any} */ { data }) => data);
  const name = own ? own.schema.split("/")[1] : (se_ac ?? e);
  return { name, about: Object.assign({}, ...entities, own?.data, rest), at: Number(dtm) };
}

/** @type {Vendor} */
const braze = {
  template: "braze",
  script: await bundled('import * as braze from "@braze/web-sdk"; window.braze = braze;'),
  params: (host) => ({
    apiKey: "00000000-0000-0000-0000-000000000001",
    baseUrl: host,
    src: `${host}/sdk.js`,
    // It takes a driven browser for a crawler, and stays silent.
    options: { allowCrawlerActivity: true },
  }),
  globals: ["braze"],
  asks: ["/api/v3/data/"],
  read: (request) =>
    (json(request).events ?? []).flatMap((/** @type {any} */ { name, data, user_id }) => {
      if (name === "ce") return { name: data.n, about: { ...data.p, user_id } };
      return name === "p" ? { name: "purchase", about: { ...data, user_id } } : [];
    }),
  sends: () => [
    ["Signed Up", { plan: "pro", user_id: undefined }],
    ["purchase", { pid: "p-1", p: "21.00", q: 2, user_id: "u-1" }],
    ["Back", { step: 1 }],
  ],
  flush: () => window.braze?.requestImmediateDataFlush(),
  stray: () => void window.braze.logCustomEvent("Stray"),
};

export const vendors = [mixpanel, posthog, amplitude, plausible, snowplow, braze];
