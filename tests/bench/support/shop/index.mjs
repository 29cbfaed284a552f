/** The demo store from a server of its own, with one SDK or none, as a site in production serves it: compressed. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "../../../../js/scripts/tools.mjs";
import { openHost } from "../../../audit/support/host.mjs";

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
  integrations: { "Segment.io": { apiKey: "demo", apiHost: `${new URL(host).host}/segment`, protocol: "http" } },
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

/** @param {Variant} variant */
export async function openShop(variant) {
  const host = await openHost("shop");
  /** @param {string} path @param {string | Buffer} body @param {string} [type] */
  const serve = (
    path,
    body,
    type = /** @type {Record<string, string>} */ (TYPES)[extname(path)] ?? "text/html; charset=utf-8",
  ) =>
    host.answer(path, {
      body: compress(body),
      headers: { "content-type": type, "content-encoding": "br", "cache-control": "no-cache" },
    });
  for (const folder of ["www", "dist"]) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    for (const { parentPath, name } of files) {
      const file = join(parentPath, name);
      const path = `/${relative(folder === "www" ? join(root, folder) : root, file)}`;
      if (Object.hasOwn(TYPES, extname(path))) serve(path, readFileSync(file));
    }
  }
  const index = readFileSync(join(root, "www/index.html"), "utf8");
  const page = index.replace(OWN, variants[variant]);
  if (page === index && variant !== "Tidegate") throw new Error("the store's page does not have Tidegate where it had");
  for (const path of ["/", "/products/quay-robe"]) serve(path, page);
  if (variant.startsWith("Segment")) {
    serve("/segment.js", await bundled("segment"));
    serve("/v1/projects/demo/settings", JSON.stringify(settings(host.url)), TYPES[".json"]);
  }
  return host;
}
