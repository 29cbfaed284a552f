import { bundled, versionOf } from "../bundle.mjs";

/** Reads self-describing events. @param {import("../collector.mjs").Received} request */
function events({ url, body }) {
  if (url.pathname !== "/com.snowplowanalytics.snowplow/tp2") return [];
  /** @type {any[]} */
  const all = JSON.parse(body).data;
  return all.map(({ eid, ue_px, ue_pr }) => {
    const { data } = JSON.parse(ue_pr ?? String(Buffer.from(ue_px, "base64url"))).data;
    return { id: eid, properties: data };
  });
}

/** @type {import("./index.mjs").Sdk} */
export const snowplow = {
  name: `Snowplow ${versionOf("@snowplow/browser-tracker")}`,
  protocol: { events, acknowledge: () => "ok" },
  page: async (collector) => ({
    head: `<script>window.collector = "${collector}";</script><script src="/sdk.js"></script>`,
    files: { "/sdk.js": await bundled("snowplow") },
  }),
};
