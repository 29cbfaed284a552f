import { segmentEvents } from "./segment.mjs";

const config = (/** @type {string} */ collector) => ({
  version: 1,
  writeKey: "peers",
  consent: { model: "none", purposes: { analytics: {} } },
  destinations: [{ id: "collector", kind: "segment", url: `${collector}/v1/batch`, consent: { allOf: ["analytics"] } }],
});

/** @type {import("./index.mjs").Sdk} */
export const tidegate = {
  name: "Tidegate",
  protocol: {
    events: segmentEvents,
    acknowledge: (events) =>
      JSON.stringify({
        success: true,
        results: events.map(({ id, isNew }) => ({ messageId: id, status: isNew ? "stored" : "duplicate" })),
      }),
  },
  page: (collector) => ({
    head: `<script src="/dist/snippet.min.js"></script>
<script async src="/dist/tidegate.js" data-config="/config.json"></script>
<script>
window.track = (properties) => void window.analytics.track("Product Added", properties);
window.isReady = () => ["ready", "failed"].includes(window.analytics.state);
</script>`,
    files: { "/config.json": JSON.stringify(config(collector)) },
  }),
};
