// The page's own part, the same for either SDK: a banner, and what it calls.
CookieConsent.run({
  hideFromBots: false,
  categories: { necessary: { enabled: true, readOnly: true }, analytics: {}, advertising: {}, profiling: {} },
  language: {
    default: "en",
    translations: {
      en: {
        consentModal: { title: "Cookies?", acceptAllBtn: "All", acceptNecessaryBtn: "None" },
        preferencesModal: { title: "Cookies", acceptAllBtn: "All", savePreferencesBtn: "Save", sections: [] },
      },
    },
  },
});
window.answer = (categories) => CookieConsent.acceptCategory(categories);
