/** A site with one SDK behind Segment's own snippet, and the server that records what it sends. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import snippet from "@segment/snippet";
import { build } from "esbuild";
import { root } from "../../../js/scripts/tools.mjs";

const require = createRequire(import.meta.url);
const KEY = "compat";
const CONFIG_PATH = `/analytics.js/v1/${KEY}/tidegate.json`;

/** @typedef {"segment" | "tidegate"} Sdk */

/**
 * @typedef {object} Plan of a visit's page
 * @property {string} before what it runs before the SDK arrives
 * @property {string} head HTML
 * @property {unknown} load options of Segment's `analytics.load`
 * @property {boolean} npm whether it imports the SDK's module in place of the snippet
 */

/**
 * @typedef {object} Recorder
 * @property {Sdk} sdk
 * @property {string} origin
 * @property {Record<string, string>} settings of `AnalyticsBrowser.load`, as far as either SDK needs them
 * @property {(id: string) => any[]} events what a visit delivered
 * @property {(id: string, plan: Plan) => void} plan
 * @property {() => void} stop
 */

/** What both pages embed: the snippet, with the address the SDK comes from. */
const stub = (/** @type {string} */ origin, /** @type {unknown} */ load) =>
  snippet.max({ host: new URL(origin).host, apiKey: KEY, page: false, load }).replaceAll("https://", "http://");

const SEGMENT = join(require.resolve("@segment/analytics-next/package.json"), "../dist/umd");

/** The SDK as a page's own bundle has it. @param {Sdk} sdk @returns {Promise<Buffer>} */
async function moduleOf(sdk) {
  if (sdk === "tidegate") return readFileSync(join(root, "dist/tidegate.mjs"));
  const contents = 'export { AnalyticsBrowser } from "@segment/analytics-next"';
  const options = /** @type {const} */ ({ bundle: true, format: "esm", write: false });
  const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir: root } });
  return Buffer.from(outputFiles[0]?.contents ?? "");
}

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
    const { before, head, load, npm } = plans.get(id) ?? { before: "", head: "", load: true, npm: false };
    const sdk = npm
      ? `<script type="module">import { AnalyticsBrowser } from "/module/sdk.mjs"; window.AnalyticsBrowser = AnalyticsBrowser;</script>`
      : `<script>${stub(origin, load)}analytics._cdn = "${origin}";${before}</script>`;
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Compared</title>${head}
<link rel="icon" href="data:,">${sdk}</head><body></body></html>`;
  };
  const module = await moduleOf(sdk);

  /** @type {Record<string, () => { type: string, body: string | Buffer }>} */
  const files = {
    [`/analytics.js/v1/${KEY}/analytics.min.js`]: () => ({
      type: "text/javascript",
      body:
        sdk === "segment" ? readFileSync(join(SEGMENT, "standalone.js")) : readFileSync(join(root, "dist/tidegate.js")),
    }),
    "/module/sdk.mjs": () => ({ type: "text/javascript", body: module }),
    [`/v1/projects/${KEY}/settings`]: () => ({
      type: "application/json",
      body: JSON.stringify({
        integrations: {
          "Segment.io": { apiKey: KEY, apiHost: `${new URL(origin).host}/segment`, protocol: "http" },
        },
      }),
    }),
    [CONFIG_PATH]: () => ({ type: "application/json", body: JSON.stringify(CONFIG) }),
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
    settings: { writeKey: KEY, cdnURL: origin, config: CONFIG_PATH },
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
