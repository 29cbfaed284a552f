/**
 * The config of the audits. Every destination and tag needs something else, so that "only its destinations" means something: a
 * platform's category is mapped to the purpose of its name.
 */

/** @param {import("./world.mjs").World} world */
export const settings = ({ vendor }) => ({
  version: 1,
  writeKey: "audit",
  consent: {
    model: "opt-in",
    cmp: "auto",
    purposes: {
      necessary: { always: true },
      analytics: {},
      advertising: { gpp: ["sale", "sharing", "targeted"] },
    },
  },
  identity: { consent: { allOf: ["analytics"] } },
  destinations: [
    destination("warehouse", "/warehouse", { allOf: ["analytics"] }),
    destination("ads", `${vendor.url}/ads`, { allOf: ["advertising"] }),
    destination("lookalikes", `${vendor.url}/lookalikes`, { allOf: ["analytics", "advertising"] }),
    destination("any", `${vendor.url}/any`, { anyOf: ["analytics", "advertising"] }),
  ],
  triggers: [{ id: "everything", kind: "event", event: "*" }],
  tags: [
    tag("heatmap", "custom-script", `${vendor.url}/heatmap.js`, "analytics"),
    tag("pixel", "custom-pixel", `${vendor.url}/pixel.gif`, "advertising"),
  ],
});

/** @param {string} id @param {string} url @param {object} [consent] @param {object} [batch] */
export const destination = (id, url, consent, batch = { maxWaitMs: 50 }) => ({
  id,
  kind: "segment",
  url,
  ...(consent && { consent }),
  batch,
});

/** @param {string} id @param {string} template @param {string} src @param {string} purpose */
export const tag = (id, template, src, purpose) => ({
  id,
  template,
  params: { src },
  consent: { allOf: [purpose] },
  fireOn: ["everything"],
});

/** The same with another part of `consent`. @param {any} config @param {object} consent */
export const withConsent = (config, consent) => ({ ...config, consent: { ...config.consent, ...consent } });
