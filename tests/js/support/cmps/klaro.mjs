/** Klaro, as src/consent-manager.js of klaro 0.7.22; the real one runs in the browser suite. */
import { fire, setCookie } from "./storage.mjs";

export function klaro(page) {
  const { window } = page;
  const watchers = new Set();
  const notify = (name, data) => {
    for (const watcher of watchers) watcher.update(manager, name, data);
  };
  const read = () => /(?:^|; )klaro=([^;]*)/.exec(page.document.cookie)?.[1] ?? null;
  const manager = {
    config: { services: [{ name: "session" }, { name: "analytics" }, { name: "ads" }] },
    consents: { session: true, analytics: true, ads: false },
    confirmed: false,
    store: { get: read },
    watch: (watcher) => watchers.add(watcher),
  };
  const cmp = {
    model: null,
    necessary: ["session"],
    categories: ["analytics", "ads"],
    manager,
    begin: () => Object.assign(window, { klaro: {} }),
    load() {
      window.klaro = { getManager: () => manager };
      fire(page.document, "DOMContentLoaded");
    },
    toggle(service) {
      manager.consents[service] = !manager.consents[service];
      notify("consents", manager.consents);
    },
    choose(accepted) {
      for (const service of cmp.categories) manager.consents[service] = accepted.includes(service);
      setCookie(page, "klaro", encodeURIComponent(JSON.stringify(manager.consents)));
      manager.confirmed = true;
      notify("saveConsents", { consents: manager.consents });
    },
    /** `resetConsents`, which tells of no `saveConsents`. */
    reset() {
      manager.confirmed = false;
      setCookie(page, "klaro");
      notify("consents", manager.consents);
    },
    forget: () => setCookie(page, "klaro"),
  };
  return cmp;
}
