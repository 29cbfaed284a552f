/** A site with one SDK behind Segment's own snippet, and the server that records what it sends. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import snippet from "@segment/snippet";
import { root } from "../../../js/scripts/tools.mjs";

const require = createRequire(import.meta.url);
const KEY = "compat";

/** @typedef {"segment" | "tidegate"} Sdk */

/**
 * @typedef {object} Plan of a visit's page
 * @property {string} before what it runs before the SDK arrives
 * @property {string} head HTML
 * @property {unknown} load options of Segment's `analytics.load`
 */

/**
 * @typedef {object} Recorder
 * @property {Sdk} sdk
 * @property {string} origin
 * @property {(id: string) => any[]} events what a visit delivered
 * @property {(id: string, plan: Plan) => void} plan
 * @property {() => void} stop
 */

/** What both pages embed: the snippet, with the address the SDK comes from. */
const stub = (/** @type {string} */ origin, /** @type {unknown} */ load) =>
  snippet.max({ host: new URL(origin).host, apiKey: KEY, page: false, load }).replaceAll("https://", "http://");

const SEGMENT = join(require.resolve("@segment/analytics-next/package.json"), "../dist/umd");

/** Everything is granted, as it is with Segment where no consent wrapper is. */
const CONFIG = {
  version: 1,
  writeKey: KEY,
  consent: { model: "none", cmp: "manual", purposes: { analytics: {} } },
  destinations: [
    { id: "Segment.io", kind: "segment", url: "/record", consent: { allOf: ["analytics"] }, batch: { maxWaitMs: 1 } },
  ],
};

/** A visit's pages lie in a folder of its name: `/visit-7/shop`. */
const visitOf = (/** @type {string} */ url) => /\/(visit-\d+)\//.exec(url)?.[1] ?? "";

/** @param {Sdk} sdk @returns {Promise<Recorder>} */
export async function record(sdk) {
  /** @type {Map<string, any[]>} */
  const events = new Map();
  /** @type {Map<string, Plan>} */
  const plans = new Map();
  let origin = "";

  const page = (/** @type {string} */ id) => {
    const { before, head, load } = plans.get(id) ?? { before: "", head: "", load: true };
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Compared</title>${head}
<link rel="icon" href="data:,"><script>${stub(origin, load)}analytics._cdn = "${origin}";${before}</script></head><body></body></html>`;
  };

  /** @type {Record<string, () => { type: string, body: string | Buffer }>} */
  const files = {
    [`/analytics.js/v1/${KEY}/analytics.min.js`]: () => ({
      type: "text/javascript",
      body:
        sdk === "segment" ? readFileSync(join(SEGMENT, "standalone.js")) : readFileSync(join(root, "dist/tidegate.js")),
    }),
    [`/v1/projects/${KEY}/settings`]: () => ({
      type: "application/json",
      body: JSON.stringify({
        integrations: {
          "Segment.io": { apiKey: KEY, apiHost: `${new URL(origin).host}/segment`, protocol: "http" },
        },
      }),
    }),
    [`/analytics.js/v1/${KEY}/tidegate.json`]: () => ({ type: "application/json", body: JSON.stringify(CONFIG) }),
  };

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", origin);
    const send = (/** @type {string} */ type, /** @type {string | Buffer} */ body) =>
      response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
    if (request.method === "POST") {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = JSON.parse(String(Buffer.concat(chunks)) || "{}");
      const visit = visitOf(request.headers.referer ?? "");
      if (/^\/(?:segment|record)/.test(pathname)) events.get(visit)?.push(...(body.batch ?? [body]));
      return send("application/json", '{"success":true}');
    }
    const file = files[pathname];
    if (file) {
      const { type, body } = file();
      return send(type, body);
    }
    const [, bundle] = /\/([^/]+\.bundle\.[^/]+\.js)$/.exec(pathname) ?? [];
    if (bundle) return send("text/javascript", readFileSync(join(SEGMENT, bundle)));
    const [, wasm] = /\/(tidegate\w*_bg\.wasm)$/.exec(pathname) ?? [];
    if (wasm) return send("application/wasm", readFileSync(join(root, "dist", wasm)));
    const [, script] = /\/(tidegate\.\w+\.js)$/.exec(pathname) ?? [];
    if (script) return send("text/javascript", readFileSync(join(root, "dist", script)));
    send("text/html; charset=utf-8", page(visitOf(pathname)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  return {
    sdk,
    origin,
    events: (id) => events.get(id) ?? [],
    plan(id, plan) {
      events.set(id, []);
      plans.set(id, plan);
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
