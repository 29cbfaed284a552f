/** Orejime, as the manager of orejime 3.2.1; the real one runs in the browser suite. */
import { setCookie } from "./storage.mjs";

export function orejime(page) {
  const { window } = page;
  const defaults = { session: true, analytics: true, ads: false };
  let consents = { ...defaults };
  let dirty = ["analytics", "ads"];
  const listeners = {};
  const emit = (event, ...args) => {
    for (const call of listeners[event] ?? []) call(...args);
  };
  const write = (value) => setCookie(page, "eu-consent", value && encodeURIComponent(JSON.stringify(value)));
  const update = (changed) => {
    consents = { ...consents, ...changed };
    // Its own listener comes first.
    write(consents);
    emit("update", changed, consents);
  };
  const manager = {
    getAllConsents: () => ({ ...consents }),
    isDirty: () => dirty.length > 0,
    on(event, call) {
      listeners[event] = [...(listeners[event] ?? []), call];
    },
    setConsents(changed) {
      update(changed);
      dirty = dirty.filter((id) => !(id in changed));
      emit("dirty", manager.isDirty());
    },
    clearConsents() {
      update(defaults);
      dirty = ["analytics", "ads"];
      emit("dirty", true);
      write();
      emit("clear");
    },
  };
  const cmp = {
    model: null,
    necessary: ["session"],
    categories: ["analytics", "ads"],
    manager,
    begin: () => Object.assign(window, { orejime: {} }),
    load: () => Object.assign(window, { orejime: { config: {}, manager } }),
    choose: (accepted) =>
      manager.setConsents(Object.fromEntries(cmp.categories.map((id) => [id, accepted.includes(id)]))),
    forget: () => write(),
  };
  return cmp;
}
