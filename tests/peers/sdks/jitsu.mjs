import { bundled, versionOf } from "../bundle.mjs";

/** Reads an event. @param {import("../collector.mjs").Received} request */
function events({ url, body }) {
  if (!url.pathname.startsWith("/api/s/")) return [];
  const { type, messageId, properties } = JSON.parse(body);
  return type === "track" ? [{ id: messageId, properties }] : [];
}

/** @type {import("./index.mjs").Sdk} */
export const jitsu = {
  name: `Jitsu ${versionOf("@jitsu/js")}`,
  protocol: { events, acknowledge: () => '{"ok":true}' },
  page: async (collector) => ({
    head: `<script>window.collector = "${collector}";</script><script src="/sdk.js"></script>`,
    files: { "/sdk.js": await bundled("jitsu") },
  }),
};
