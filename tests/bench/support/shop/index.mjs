/** The demo store from a server of its own, with one SDK or none, as a site in production serves it: compressed, over HTTP/2. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { tmpdir } from "node:os";
import { extname, join, relative } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "../../../../js/scripts/tools.mjs";

const TYPES = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
const OWN = /<!-- Tidegate:.*?<script async .*?<\/script>\n/s;

/** Each SDK in the place of Tidegate's lines. */
export const variants = {
  nothing: () => "",
  Tidegate: (/** @type {string} */ own) => own,
  "Segment with its consent wrapper": () => '<script async src="/segment.js"></script>\n',
};

/** @typedef {keyof typeof variants} Variant */

/** @param {string} name of a script of this folder */
export async function bundled(name) {
  const options = /** @type {const} */ ({ bundle: true, minify: true, format: "iife", write: false });
  const { outputFiles } = await build({ ...options, entryPoints: [join(import.meta.dirname, `${name}.js`)] });
  return outputFiles[0]?.text ?? "";
}

const settings = (/** @type {string} */ host) => ({
  integrations: { "Segment.io": { apiKey: "demo", apiHost: `${new URL(host).host}/segment`, protocol: "https" } },
  consentSettings: { allCategories: ["analytics", "advertising"], hasUnmappedDestinations: true },
});

/** What takes a while, once. @type {Map<string, Buffer>} */
const compressed = new Map();

/** @param {string | Buffer} body */
function compress(body) {
  const key = typeof body === "string" ? body : body.toString("latin1");
  const known = compressed.get(key) ?? brotliCompressSync(body);
  compressed.set(key, known);
  return known;
}

/** A certificate that the bench's browser takes, as it takes any. @returns {{ key: string, cert: string }} */
function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-shop-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=shop.localhost", "-addext", "subjectAltName=DNS:shop.localhost"];
    const made = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ];
    execFileSync("openssl", made, { stdio: "ignore" });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @type {ReturnType<typeof certificate> | undefined} */
let identity;

/** @param {Variant} variant @returns {Promise<{ url: string, events: () => any[], stop: () => void }>} */
export async function openShop(variant) {
  identity ??= certificate();
  /** @type {Map<string, { body: Buffer, type: string }>} */
  const files = new Map();
  /** @type {any[]} */
  const events = [];
  const server = createSecureServer(identity, async (request, response) => {
    const path = request.url.split("?")[0] ?? "/";
    if (request.method === "POST") {
      let body = "";
      for await (const chunk of request) body += chunk;
      const json = JSON.parse(body);
      events.push(...(json.batch ?? [json]));
      return response.writeHead(200, { "content-type": "application/json" }).end('{"success":true}');
    }
    const file = files.get(path);
    if (!file) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": file.type, "content-encoding": "br", "cache-control": "no-cache" });
    return response.end(file.body);
  });
  /** @type {Set<import("node:http2").ServerHttp2Session>} */
  const sessions = new Set();
  server.on("session", (session) => {
    sessions.add(session.on("close", () => sessions.delete(session)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `https://shop.localhost:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;

  /** @param {string} path @param {string | Buffer} body */
  const serve = (path, body) =>
    files.set(path, {
      body: compress(body),
      type: /** @type {Record<string, string>} */ (TYPES)[extname(path)] ?? "text/html; charset=utf-8",
    });
  for (const folder of ["www", "dist"])
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile() && Object.hasOwn(TYPES, extname(file)))
        serve(`/${relative(folder === "www" ? join(root, folder) : root, file)}`, readFileSync(file));
    }
  const index = readFileSync(join(root, "www/index.html"), "utf8");
  const page = index.replace(OWN, variants[variant]);
  if (page === index && variant !== "Tidegate") throw new Error("the store's page does not have Tidegate where it had");
  for (const path of ["/", "/products/quay-robe"]) serve(path, page);
  if (variant.startsWith("Segment")) {
    serve("/segment.js", await bundled("segment"));
    files.set("/v1/projects/demo/settings", {
      body: compress(JSON.stringify(settings(url))),
      type: "application/json",
    });
  }
  return {
    url,
    events: () => events,
    stop() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}
