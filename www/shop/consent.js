// The banner: vanilla-cookieconsent, https://cookieconsent.orestbida.com/reference/configuration-reference.html
// Tidegate reads the choice by itself; the shop only asks.

const banner = {
  title: "Before you wade in",
  description:
    "We would like to know which kit people look at, and whether our advertising works. Both are up to you, and the shop is the same shop either way.",
  acceptAllBtn: "Accept all",
  acceptNecessaryBtn: "Only what is necessary",
  showPreferencesBtn: "Choose",
};

const preferences = {
  title: "Privacy choices",
  acceptAllBtn: "Accept all",
  acceptNecessaryBtn: "Only what is necessary",
  savePreferencesBtn: "Save my choices",
  closeIconLabel: "Close",
  sections: [
    { description: "Change your mind here whenever you like. A new choice counts from that moment on." },
    {
      title: "Necessary",
      description: "Remembers this choice. Nothing else is stored for it, not even your cart.",
      linkedCategory: "necessary",
    },
    {
      title: "Analytics",
      description: "Tells us which pages and products are looked at, so that we stock the right things.",
      linkedCategory: "analytics",
    },
    {
      title: "Advertising",
      description: "Tells our advertising partner what you looked at and bought after following an advertisement.",
      linkedCategory: "advertising",
    },
  ],
};

/** Shows the banner until there is a choice, and lets `opener` reopen the choices at any time. */
export function askForConsent(opener) {
  const { CookieConsent } = window;
  if (!CookieConsent) {
    opener.hidden = true;
    return;
  }
  opener.addEventListener("click", () => CookieConsent.showPreferences());
  CookieConsent.run({
    // A browser under automation is asked as well: the tests answer it.
    hideFromBots: false,
    categories: {
      necessary: { enabled: true, readOnly: true },
      analytics: {},
      advertising: {},
    },
    guiOptions: {
      consentModal: { layout: "box", position: "bottom left", equalWeightButtons: true },
      preferencesModal: { layout: "box", equalWeightButtons: true },
    },
    language: { default: "en", translations: { en: { consentModal: banner, preferencesModal: preferences } } },
  });
}
