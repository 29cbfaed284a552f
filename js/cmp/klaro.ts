import { type Adapter, UNDECIDED, UNHEARD } from "./adapter";
import { answer, onFirstSight } from "./support";

/** https://github.com/klaro-org/klaro-js/blob/master/src/consent-manager.js */
interface Manager {
  config: { services: { name: string }[] };
  store: { get(): string | null | undefined };
  watch(watcher: { update(): void }): void;
}

/**
 * Klaro: a category is a service's name. The stored record is read, since `consents` holds unsaved toggles and, before an answer,
 * defaults. A record that lacks a service was made under another config.
 */
export function klaro(): Adapter {
  let tell = () => {};
  // Whatever it notifies of: a reset tells of no `saveConsents`.
  const subscribe = onFirstSight((manager: Manager) => manager.watch({ update: () => tell() }));

  return {
    source: "klaro",
    read() {
      const page = window as { klaro?: { getManager?(): Manager } };
      if (!page.klaro) return undefined;
      // Asking makes the manager, which unblocks scripts: not before Klaro would do so itself.
      if (!page.klaro?.getManager || document.readyState === "loading") return UNHEARD;
      const manager = page.klaro.getManager();
      subscribe(manager);
      const stored = JSON.parse(decodeURIComponent(manager.store.get() ?? "null"));
      const names = manager.config.services.map(({ name }) => name);
      if (!stored || !names.every((name) => typeof stored[name] === "boolean")) return UNDECIDED;
      return answer(Object.fromEntries(names.map((name) => [name, stored[name]])));
    },
    watch(changed) {
      tell = changed;
    },
  };
}
