import { bundled, versionOf } from "../bundle.mjs";
import { segmentEvents } from "./segment.mjs";

const sourceConfig = (/** @type {string} */ collector) => ({
  source: {
    id: "peers",
    name: "Peers",
    writeKey: "peers",
    workspaceId: "peers",
    enabled: true,
    config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
    connections: [],
    destinations: [],
    dataplanes: { US: [{ url: collector, default: true }] },
  },
  updatedAt: "2026-01-01T00:00:00.000Z",
});

/** Its plugins are in the bundle: from its CDN they would come over the network. @type {import("./index.mjs").Sdk} */
export const rudder = {
  name: `RudderStack ${versionOf("@rudderstack/analytics-js")}`,
  protocol: { events: segmentEvents, acknowledge: () => "OK" },
  page: async (collector) => ({
    head: `<script>window.collector = "${collector}";</script><script src="/sdk.js"></script>`,
    files: { "/sdk.js": await bundled("rudder"), "/sourceConfig/": JSON.stringify(sourceConfig(collector)) },
  }),
};
