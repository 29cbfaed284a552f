import { bundled, versionOf } from "../bundle.mjs";

/** Reads a batch. @param {import("../collector.mjs").Received} request */
function events({ url, body }) {
  if (!url.pathname.startsWith("/v3/JS/")) return [];
  /** @type {any[]} */
  const all = JSON.parse(body).events;
  return all
    .filter(({ data }) => data.event_name === "Product Added")
    .map(({ data }) => ({
      id: data.source_message_id,
      properties: { ...data.custom_attributes, n: number(data.custom_attributes?.n) },
    }));
}

const number = (/** @type {unknown} */ n) => (n === undefined ? undefined : Number(n));

const known = JSON.stringify({ context: null, mpid: "101", matched_identities: {}, is_ephemeral: false });

/** @type {import("./index.mjs").Sdk} */
export const mparticle = {
  name: `mParticle ${versionOf("@mparticle/web-sdk")}`,
  protocol: {
    events,
    acknowledge: () => "{}",
    settings: ({ url }) => (url.pathname.startsWith("/identity/") ? known : undefined),
  },
  page: async (collector) => ({
    head: `<script>window.collector = "${collector}";</script><script src="/sdk.js"></script>`,
    files: { "/sdk.js": await bundled("mparticle") },
  }),
};
