import { bundled, versionOf } from "../bundle.mjs";

/** Reads what `/e/` and its other names get; a beacon carries its events as a form. @param {import("../collector.mjs").Received} request */
function events({ url, body }) {
  if (!/^\/(e|batch|i\/v0\/e)\/?$/.test(url.pathname)) return [];
  const text = body.startsWith("data=") ? fromForm(body) : body;
  const json = JSON.parse(text);
  /** @type {any[]} */
  const all = json.batch ?? [json].flat();
  return all.filter(({ event }) => event === "Product Added").map(({ uuid, properties }) => ({ id: uuid, properties }));
}

/** @param {string} form */
const fromForm = (form) => String(Buffer.from(new URLSearchParams(form).get("data") ?? "", "base64"));

/** Its settings come from where its events go, as flags do. @param {import("../collector.mjs").Received} request */
function settings({ url }) {
  if (url.pathname.startsWith("/flags")) return '{"flags":{},"featureFlags":{},"featureFlagPayloads":{}}';
  if (url.pathname.endsWith("/config")) return '{"supportedCompression":["gzip","gzip-js"],"hasFeatureFlags":false}';
  return undefined;
}

/** What its capture service takes: `EVENT_BODY_SIZE`. */
const MOST = 2 * 1024 * 1024;

/** @type {import("./index.mjs").Sdk} */
export const posthog = {
  name: `PostHog ${versionOf("posthog-js")}`,
  protocol: { events, acknowledge: () => '{"status":1}', most: MOST, settings },
  page: async (collector) => ({
    head: `<script>window.collector = "${collector}";</script><script src="/sdk.js"></script>`,
    files: { "/sdk.js": await bundled("posthog") },
  }),
};
