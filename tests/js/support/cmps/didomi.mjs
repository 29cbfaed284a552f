/** Didomi, as https://developers.didomi.io/cmp/web-sdk/reference/api says: purposes that nobody chose are listed as not enabled. */
import { daysBefore } from "./storage.mjs";

export function didomi(page) {
  const { window } = page;
  const purposes = { necessary: true, analytics: false, ads: false };
  const listeners = [];
  const state = { updated: undefined, collect: true, regulation: "gdpr" };
  const tell = () => {
    for (const call of listeners) call();
  };
  const cmp = {
    model: "opt-in",
    necessary: ["necessary"],
    categories: ["analytics", "ads"],
    state,
    /** Pages queue what is to wait for the SDK. */
    begin: () => Object.assign(window, { didomiOnReady: [] }),
    load() {
      window.Didomi = {
        getCurrentUserStatus: () => ({
          purposes: Object.fromEntries(Object.entries(purposes).map(([id, enabled]) => [id, { id, enabled }])),
          vendors: {},
          regulation: state.regulation,
          updated: state.updated,
        }),
        shouldUserStatusBeCollected: () => state.collect,
        on: (event, call) => event === "consent.changed" && listeners.push(call),
      };
      const queued = window.didomiOnReady ?? [];
      window.didomiOnReady = { push: (call) => call(window.Didomi) };
      for (const call of queued) call(window.Didomi);
    },
    choose(accepted, { daysAgo = 0 } = {}) {
      Object.assign(state, { updated: daysBefore(daysAgo).toISOString(), collect: false });
      for (const id of cmp.categories) purposes[id] = accepted.includes(id);
      tell();
    },
    /** What `Didomi.reset()` leaves; no event follows. */
    forget: () => Object.assign(state, { updated: undefined, collect: true }),
  };
  return cmp;
}
