// The journal's copy in IndexedDB. Local storage reaches the disk seconds after it is written, in Chromium up to a minute: a browser that is killed loses
// what came last. And what local storage has no room for is in memory alone.

import type { CoreLink } from "./core-link";
import { copyOf } from "./erase";

export interface Mirror {
  /** Copies what has changed, a moment from now, or at once. The first time it also takes up what local storage has lost, or never had. */
  soon(): void;
  now(): void;
  /** Something is denied: the copy goes as a whole, once it was taken up, and what may stay is copied anew. */
  renew(): void;
  isOpen(): boolean;
}

const STORE = "pages";
/** Milliseconds. */
const MOMENT = 200;
const AGAIN = 3000;
/** Pages written in one task, of some 32 KB each, and pages taken up in one. */
const SLICE = 8;
const TAKEN = 64;

/** There is a copy only while consent allows some destination, which the core knows. */
export function createMirror(link: CoreLink, space: string): Mirror {
  /** Pages of the copy that are this page's to take out. */
  const known = new Set<string>();
  let database: IDBDatabase | undefined;
  let opening: Promise<IDBDatabase> | undefined;
  let isDue = false;
  let isTaken = false;
  /** Those that seemed to live may have been on their way out. */
  let isLast = false;
  let isStale = false;

  /** A key of the core's, as this instance has it, and back. */
  const named = (key: string) => space + key.slice("tg_".length);
  const unnamed = (key: string) => `tg_${key.slice(space.length)}`;
  /** A page's key, as the core has it, where the copy alone has the page. */
  const inCopy = (key: string) => key.replace("q", "m");
  /** Nothing while the core cannot be asked, null while nothing is allowed. */
  const unstored = () => link.ask((core) => core.unstored(), undefined);
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

  const copy = async (slice: number) => {
    isDue = false;
    try {
      if (unstored() === null) closed();
      if (!unstored()) return;
      let pages = await opened();
      if (!isTaken) await take(pages);
      if (isStale) {
        isStale = false;
        closed();
        indexedDB.deleteDatabase(copyOf(space));
        pages = await opened();
      }
      const told = unstored();
      if (!told) return;
      const wanted = new Set([...told.keys, ...told.spare].map(named));
      for (const key of Object.keys(localStorage)) if (key.startsWith(named(told.own))) wanted.add(key);
      const fresh = [...wanted].filter((key) => !known.has(key));
      const gone = [...known].filter((key) => !wanted.has(key) && localStorage.getItem(key) === null);
      // What the core has in memory may be much: no task is to take long.
      for (let at = 0; at === 0 || at < fresh.length; at += slice) {
        if (!unstored()) return;
        const writing = pages.transaction(STORE, "readwrite", { durability: "relaxed" });
        const store = writing.objectStore(STORE);
        for (const key of gone.splice(0)) {
          known.delete(key);
          store.delete(key);
        }
        for (const key of fresh.slice(at, at + slice)) {
          const text = localStorage.getItem(key) ?? link.ask((core) => core.unstoredPage(unnamed(key)), "");
          if (!text) continue;
          known.add(key);
          store.put(text, key);
        }
        // Whatever it had no room for is tried again with what comes next.
        writing.onabort = () => {
          for (const key of fresh) known.delete(key);
        };
        if (at + slice < fresh.length || told.spare.length) await ended(writing);
      }
      for (const key of told.spare) if (known.has(named(key))) link.run((core) => core.adopt(inCopy(key), ""));
    } catch {
      // What it has is known still, for when it opens again.
      database?.close();
      database = opening = undefined;
    }
  };

  const take = async (database: IDBDatabase) => {
    const reading = database.transaction(STORE).objectStore(STORE);
    const [keys, texts] = await Promise.all([settled(reading.getAllKeys()), settled(reading.getAll())]);
    const own = unstored()?.own;
    if (!own) return;
    // The core holds the lock of a tab that is gone while it takes over its pages: this one says which are ours.
    const { held = [] } = (await navigator.locks?.request(own, () => navigator.locks.query())) ?? {};
    const told = unstored();
    if (!told) return;
    const ours = held.find(({ name }) => name === own)?.clientId;
    const lives = (tab: string) => {
      const lock = held.find(({ name }) => name === tab);
      return lock ? lock.clientId !== ours : localStorage.getItem(named(tab)) !== null;
    };
    let skipped = false;
    let room = told.most;
    for (const [key, text] of Object.entries(localStorage)) if (key.startsWith(named("tg_q."))) room -= text.length;
    for (const [at, key] of keys.entries()) {
      const text: unknown = texts[at];
      // Somebody else's.
      if (typeof key !== "string" || typeof text !== "string") continue;
      if (known.has(key) || key.startsWith(named(told.own))) continue;
      // No task is to take long.
      if (at % TAKEN === TAKEN - 1) await new Promise((go) => setTimeout(go));
      if (!unstored()) return;
      // What a tab that lives has taken out of local storage is on its way out of here too.
      if (lives(`tg_tab.${unnamed(key).split(".")[1]}`)) {
        skipped = true;
        continue;
      }
      if (localStorage.getItem(key) !== null) {
        known.add(key);
        continue;
      }
      known.add(key);
      // The site wants to store something too.
      room -= text.length;
      const isStored = room >= 0 && putBack(key, text);
      if (!isStored) room += text.length;
      const acks = unnamed(key).replace("q", "a");
      const acknowledged = localStorage.getItem(named(acks)) ?? "";
      link.run((core) => {
        core.adopt(acks, acknowledged);
        core.adopt(isStored ? unnamed(key) : inCopy(unnamed(key)), text);
      });
    }
    // A page that is going still holds its lock for a moment.
    isTaken = !skipped || isLast;
    if (!isTaken)
      setTimeout(() => {
        isLast = true;
        now();
      }, AGAIN);
  };

  const now = () => void copy(SLICE);
  // A page that goes has no further task.
  for (const name of ["pagehide", "visibilitychange"]) addEventListener(name, () => copy(Number.MAX_SAFE_INTEGER));
  const mirror: Mirror = {
    soon() {
      if (!isDue) setTimeout(now, MOMENT);
      isDue = true;
    },
    now,
    renew() {
      isStale = true;
      mirror.soon();
    },
    isOpen: () => !!database,
  };
  return mirror;
}

/** Whether local storage has room for it. */
function putBack(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });

/** Rejects where the browser has no room. */
const ended = (writing: IDBTransaction): Promise<unknown> =>
  new Promise((done, failed) => {
    writing.oncomplete = done;
    writing.addEventListener("abort", failed);
  });
