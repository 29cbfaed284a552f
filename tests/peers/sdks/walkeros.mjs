import { bundled, versionOf } from "../bundle.mjs";

/** Reads a list of events. @param {import("../collector.mjs").Received} request */
function events({ url, body }) {
  if (url.pathname !== "/events") return [];
  /** @type {any[]} */
  const all = JSON.parse(body);
  return all.filter(({ name }) => name === "product add").map(({ id, data }) => ({ id, properties: data }));
}

/** @param {boolean} isBatched @returns {import("./index.mjs").Sdk} */
const sdk = (isBatched) => ({
  name: `walkerOS ${versionOf("@walkeros/collector")}${isBatched ? ", in batches" : ""}`,
  protocol: { events, acknowledge: () => '{"ok":true}', most: Number.POSITIVE_INFINITY },
  page: async (collector) => ({
    head: `<script>window.collector = "${collector}"; window.isBatched = ${isBatched};</script><script src="/sdk.js"></script>`,
    files: { "/sdk.js": await bundled("walkeros") },
  }),
});

export const walkeros = sdk(false);
/** As a site may have it that needs less of the page, and loses the last second when it is left. */
export const walkerosInBatches = sdk(true);
