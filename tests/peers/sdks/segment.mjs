import { bundled, versionOf } from "../bundle.mjs";

/** Reads the Tracking API: an event, or a batch of them. @param {import("../collector.mjs").Received} request */
export function segmentEvents({ url, body }) {
  if (!url.pathname.startsWith("/v1/")) return [];
  const json = JSON.parse(body);
  /** @type {any[]} */
  const events = json.batch ?? [json];
  return events
    .filter(({ event }) => event === "Product Added")
    .map(({ messageId, properties }) => ({ id: messageId, properties }));
}

const settings = (/** @type {string} */ collector) => ({
  integrations: { "Segment.io": { apiKey: "peers", apiHost: `${new URL(collector).host}/v1`, protocol: "http" } },
});

/** @type {import("./index.mjs").Sdk} */
export const segment = {
  name: `Segment ${versionOf("@segment/analytics-next")}`,
  protocol: { events: segmentEvents, acknowledge: () => '{"success":true}' },
  page: async (collector) => ({
    head: '<script src="/sdk.js"></script>',
    files: {
      "/sdk.js": await bundled("segment"),
      "/v1/projects/peers/settings": JSON.stringify(settings(collector)),
    },
  }),
};
