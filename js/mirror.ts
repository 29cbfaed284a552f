// The journal's copy in IndexedDB. Local storage reaches the disk seconds after it is written, in Chromium up to a minute: a browser that is killed loses
// what came last. And what local storage has no room for is in memory alone.

import type { CoreLink } from "./core-link";
import { copyOf } from "./erase";

export interface Mirror {
  /** Copies what has changed, a moment from now, or at once. */
  soon(): void;
  now(): void;
  /** Puts back into local storage what it has lost. It does not take long, or is given up. */
  restored: Promise<void>;
  isOpen(): boolean;
}

const STORE = "pages";
/** Milliseconds. */
const MOMENT = 200;
const PATIENCE = 500;

/** There is one only while consent allows some destination: then the core's gate is stored. */
export function createMirror(link: CoreLink, space: string): Mirror {
  const journal = `${space}q.`;
  /** Pages of the copy that are this page's to take out. */
  const known = new Set<string>();
  let database: IDBDatabase | undefined;
  let opening: Promise<IDBDatabase> | undefined;
  let isDue = false;

  /** A key of the core's, as this instance has it. */
  const named = (key: string) => space + key.slice("tg_".length);
  const isAllowed = () => !!localStorage.getItem(`${space}gate`);
  const closed = () => {
    database?.close();
    database = opening = undefined;
    known.clear();
  };
  const open = async () => {
    const request = indexedDB.open(copyOf(space), 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    database = await settled(request);
    // It is to be erased, here or in another tab.
    database.onversionchange = database.onclose = closed;
    return database;
  };
  const opened = () => {
    opening ??= open();
    return opening;
  };

  const copy = async () => {
    isDue = false;
    try {
      if (!isAllowed()) return closed();
      const writing = (await opened()).transaction(STORE, "readwrite", { durability: "relaxed" });
      const told = link.ask((core) => core.unstored(), undefined);
      if (!told) return;
      const wanted = new Map(Object.entries(told.pages).map(([key, text]) => [named(key), text]));
      for (const key of Object.keys(localStorage))
        if (key.startsWith(named(told.own))) wanted.set(key, localStorage.getItem(key) ?? "");
      // Whatever it had no room for is tried again with what comes next.
      writing.onabort = () => known.clear();
      const store = writing.objectStore(STORE);
      for (const [key, text] of wanted)
        if (!known.has(key)) {
          known.add(key);
          store.put(text, key);
        }
      for (const key of known)
        if (!wanted.has(key) && localStorage.getItem(key) === null) {
          known.delete(key);
          store.delete(key);
        }
    } catch {
      closed();
    }
  };

  const restore = async () => {
    if (!isAllowed()) return;
    const reading = (await opened()).transaction(STORE).objectStore(STORE);
    const [keys, texts] = await Promise.all([settled(reading.getAllKeys()), settled(reading.getAll())]);
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    if (!isAllowed()) return;
    for (const [at, key] of (keys as string[]).entries()) {
      const [tab] = key.slice(journal.length).split(".");
      // What a tab that lives has taken out of local storage is on its way out of here too.
      if (held.some(({ name }) => name === `tg_tab.${tab}`)) continue;
      if (localStorage.getItem(key) === null) localStorage.setItem(key, texts[at]);
      known.add(key);
    }
  };

  for (const name of ["pagehide", "visibilitychange"]) addEventListener(name, copy);
  return {
    soon() {
      if (!isDue) setTimeout(copy, MOMENT);
      isDue = true;
    },
    now: copy,
    restored: Promise.race([restore().catch(() => {}), new Promise<void>((done) => setTimeout(done, PATIENCE))]),
    isOpen: () => !!database,
  };
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });
