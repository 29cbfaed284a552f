/**
 * OneTrust, as https://developer.onetrust.com/onetrust/docs/javascript-api and …/docs/javascript-events-guide say: groups are active from the
 * start, and the event comes on every page.
 */
import { daysBefore, fire, setCookie } from "./storage.mjs";

export function onetrust(page) {
  const { window } = page;
  const groups = { C0001: true, C0002: false, C0004: false };
  let closed = false;
  const show = () => {
    window.OnetrustActiveGroups = `,${Object.keys(groups).filter((id) => groups[id])},`;
    fire(window, "OneTrustGroupsUpdated", window.OnetrustActiveGroups.split(",").filter(Boolean));
  };
  const cmp = {
    model: "opt-in",
    necessary: ["C0001"],
    categories: ["C0002", "C0004"],
    /** The object comes before its methods. */
    begin: () => Object.assign(window, { OneTrust: { geolocationResponse: {} } }),
    load() {
      window.OneTrust = {
        IsAlertBoxClosed: () => closed,
        GetDomainData: () => ({ ConsentModel: { Name: cmp.model }, Groups: [], ConsentIntegrationData: null }),
      };
      show();
    },
    choose(accepted, { awaiting = false, daysAgo = 0 } = {}) {
      closed = true;
      for (const id of cmp.categories) groups[id] = accepted.includes(id);
      const query = Object.entries(groups).map(([id, on]) => `${id}:${on ? 1 : 0}`);
      setCookie(page, "OptanonAlertBoxClosed", daysBefore(daysAgo).toISOString());
      cmp.store(`isGpcEnabled=0&groups=${encodeURIComponent(query.join(","))}&AwaitingReconsent=${awaiting}`);
      show();
    },
    store: (value) => setCookie(page, "OptanonConsent", value),
    activate(...ids) {
      for (const id of ids) groups[id] = true;
      show();
    },
    forget: () => setCookie(page, "OptanonConsent"),
  };
  return cmp;
}
