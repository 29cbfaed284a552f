/** Google Consent Mode, as https://developers.google.com/tag-platform/security/guides/consent says: `gtag` pushes its arguments. */
export function googleConsentMode(page) {
  const { window } = page;
  const cmp = {
    model: null,
    necessary: [],
    categories: ["ad_storage", "analytics_storage"],
    gtag(...args) {
      // The stand-in's functions are no page code, but `arguments` is of the same make.
      (function () {
        // biome-ignore lint/complexity/noArguments: it is what gtag.js pushes.
        window.dataLayer.push(arguments);
      })(...args);
    },
    begin: () => Object.assign(window, { dataLayer: [] }),
    load() {
      if (!window.dataLayer) cmp.begin();
      cmp.gtag("consent", "default", { ad_storage: "granted", analytics_storage: "denied" });
    },
    choose(accepted) {
      const states = cmp.categories.map((type) => [type, accepted.includes(type) ? "granted" : "denied"]);
      cmp.gtag("consent", "update", Object.fromEntries(states));
    },
  };
  return cmp;
}
