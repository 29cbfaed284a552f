/** iubenda, as https://www.iubenda.com/en/help/1205-how-to-configure-your-cookie-solution-advanced-guide says. */
import { daysBefore, setCookie } from "./storage.mjs";

export function iubenda(page) {
  const { window } = page;
  const cmp = {
    model: null,
    necessary: ["1"],
    categories: ["4", "5"],
    /** By which ID the record is kept. */
    name: "_iub_cs-s99",
    /** An element's ID makes a global. */
    begin: () =>
      Object.assign(window, {
        _iub: { csConfiguration: { siteId: 99, cookiePolicyId: 12 } },
        "iubenda-cs-banner": {},
      }),
    load() {
      if (!window._iub) cmp.begin();
      window._iub.cs = { api: {}, consent: {} };
    },
    choose(accepted, { daysAgo = 0 } = {}) {
      const purposes = Object.fromEntries(
        [...cmp.necessary, ...cmp.categories].map((id) => [id, accepted.includes(id)]),
      );
      purposes[1] = true;
      const consent = { timestamp: daysBefore(daysAgo).toISOString(), version: "1.80", purposes };
      window._iub.cs.consent = consent;
      setCookie(page, cmp.name, encodeURIComponent(JSON.stringify(consent)));
      cmp.call({ ...purposes });
    },
    call(preferences) {
      window._iub.csConfiguration.callback?.onPreferenceExpressedOrNotNeeded?.(preferences);
    },
    forget: () => setCookie(page, cmp.name),
  };
  return cmp;
}
