/** Everything a page holds and did: what an audit compares. */

/**
 * @typedef {object} Held names, in order
 * @property {string[]} cookies
 * @property {string[]} local keys of local storage
 * @property {string[]} session keys of session storage
 * @property {string[]} databases of IndexedDB
 * @property {string[]} caches
 * @property {string[]} elements that load something
 * @property {string[]} begun workers, beacons and sockets
 * @property {string[]} thrown errors that reached the page
 */

/**
 * @typedef {object} Snapshot
 * @property {Held} page
 * @property {string[]} shop what it was asked for: method and path with the query
 * @property {string[]} vendor
 * @property {number} connections to the vendor, with a request or without
 */

/**
 * @param {import("./world.mjs").World} world
 * @param {import("../../browser/support/browsers.mjs").Tab} tab
 * @returns {Promise<Snapshot>}
 */
export async function snapshot({ shop, vendor }, tab) {
  const page = await tab.run(held);
  return { page, shop: shop.asked().sort(), vendor: vendor.asked().sort(), connections: vendor.connections };
}

/** Runs in the page. @returns {Promise<Held>} */
export async function held() {
  const elements = [...document.querySelectorAll("script[src],img,link,iframe,object,embed,video,audio")];
  const address = (/** @type {any} */ one) => one.src || one.href || one.data || "";
  const databases = (await indexedDB.databases?.()) ?? [];
  return {
    cookies: document.cookie
      .split("; ")
      .filter(Boolean)
      .map((cookie) => cookie.replace(/=.*/, ""))
      .sort(),
    local: Object.keys(localStorage).sort(),
    session: Object.keys(sessionStorage).sort(),
    databases: databases.map(({ name }) => name ?? "").sort(),
    caches: "caches" in window ? await caches.keys() : [],
    elements: elements.map((one) => `${one.localName} ${address(one).replace(location.origin, "")}`).sort(),
    begun: window.watched.begun,
    thrown: window.watched.thrown,
  };
}

/** The journal's copy in IndexedDB: pages by their key. Runs in the page. @returns {Promise<Record<string, string>>} */
export async function copied() {
  if (!(await indexedDB.databases()).some(({ name }) => name === "tg_journal")) return {};
  /** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
  const settled = (request) =>
    new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = failed;
    });
  const database = await settled(indexedDB.open("tg_journal"));
  const pages = database.transaction("pages").objectStore("pages");
  const [keys, texts] = await Promise.all([settled(pages.getAllKeys()), settled(pages.getAll())]);
  database.close();
  return Object.fromEntries(keys.map((key, at) => [String(key), texts[at]]));
}

/** What the SDK keeps on this machine, of whatever kind. @param {Held} page @returns {string[]} */
export const kept = ({ cookies, local, session, databases, caches }) =>
  [...cookies, ...local, ...session, ...databases, ...caches].filter((name) => /^tg[_.]/.test(name));

/** What state 1 is: the page's own files and nothing else. @param {import("./platforms.mjs").Platform} [platform] @returns {Snapshot} */
export function untouched(platform) {
  const files = Object.keys(platform?.files ?? {});
  const scripts = ["/dist/snippet.min.js", "/dist/tidegate.js", "/watch.js", ...files];
  // What listens to a platform is fetched where one shows. It is ours, and asks for nothing else.
  const adapters = platform ? ["/dist/tidegate.cmp.js"] : [];
  return {
    page: {
      cookies: [],
      local: [],
      session: [],
      databases: [],
      caches: [],
      elements: ["link data:,", ...scripts.map((path) => `script ${path}`)].sort(),
      begun: [],
      thrown: [],
    },
    shop: ["/dist/tidegate_bg.wasm", "/page", "/page.json", ...scripts, ...adapters]
      .map((path) => `GET ${path}`)
      .sort(),
    vendor: [],
    connections: 0,
  };
}
