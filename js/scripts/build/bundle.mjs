/** The shim: TypeScript and the wasm-bindgen glue, bundled into the scripts a page loads. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";
import { root } from "../tools.mjs";
import { bindgen, fallback } from "./wasm.mjs";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** @type {{ from: string, to: string, format: "iife" | "esm" }[]} */
const SCRIPTS = [
  { from: "js/script.ts", to: "tidegate.js", format: "iife" },
  { from: "js/module.ts", to: "tidegate.mjs", format: "esm" },
  { from: "js/googleConsentMode.ts", to: "tidegate.googleConsentMode.js", format: "esm" },
  { from: "js/facades.ts", to: "tidegate.facades.js", format: "esm" },
  { from: "js/granted.ts", to: "tidegate.granted.js", format: "esm" },
  { from: "js/tags.ts", to: "tidegate.tags.js", format: "esm" },
  { from: "js/again.ts", to: "tidegate.again.js", format: "esm" },
  { from: "js/fallback.ts", to: "tidegate.fallback.js", format: "esm" },
  { from: "js/cmp.ts", to: "tidegate.cmp.js", format: "esm" },
  { from: "js/words.ts", to: "tidegate.words.js", format: "esm" },
  { from: "js/segment.ts", to: "tidegate.segment.js", format: "esm" },
  { from: "js/snippet.ts", to: "snippet.min.js", format: "iife" },
];

/** Members of what the scripts share with each other and with nobody else, by what they are called there. */
const INTERNAL = Object.fromEntries(
  [
    ..."link emitter report guard heard begin deliver onFlushed isCopied plugged passing visit soon trapped overflowed".split(
      " ",
    ),
    ..."consentSet dataPush identifyUser identifyGroup answered unstored unstoredPage snapshot facts wall moment notify signals part lock post commit self script fail mono timer wake adopt renew revive revivals isUnique tied ended threw settle job".split(
      " ",
    ),
  ].map((name, at) => [name, `$${at.toString(36)}`]),
);

/**
 * Bundles the scripts, and says what of others is in them.
 * @param {string} dist the folder to write to
 * @throws where a script does not compile; esbuild has said why
 */
export async function bundle(dist) {
  const common = /** @type {const} */ ({
    absWorkingDir: root,
    bundle: true,
    minifySyntax: true,
    target: "es2020",
    charset: "utf8",
    mangleProps: new RegExp(`^(${Object.keys(INTERNAL).join("|")})$`),
    mangleCache: { ...INTERNAL },
    legalComments: "none",
    define: { VERSION: JSON.stringify(version) },
    alias: {
      "tidegate-wasm": join(bindgen, "tidegate_wasm.js"),
      "tidegate-fallback-glue": join(fallback, "core_bg.js"),
      "tidegate-fallback": join(fallback, "core.js"),
    },
    logLevel: "warning",
  });
  const make = async (/** @type {typeof SCRIPTS[number]} */ { from, to, format }) => {
    const { outputFiles, metafile } = await build({
      ...common,
      entryPoints: [from],
      format,
      metafile: true,
      write: false,
    });
    // Some hundred bytes less than what esbuild makes of it.
    const compress = { passes: 2, unsafe_arrows: true, hoist_funs: true, lhs_constants: false };
    const options = /** @type {const} */ ({ ecma: 2020, module: format === "esm", compress });
    const { code } = await minify(outputFiles[0]?.text ?? "", options);
    writeFileSync(join(dist, to), code ?? "");
    return Object.keys(metafile.inputs);
  };
  const inputs = (await Promise.all(SCRIPTS.map(make))).flat();
  const packages = [
    ...new Set(inputs.flatMap((input) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? [])),
  ];
  writeFileSync(join(dist, "THIRD-PARTY-LICENSES.txt"), packages.sort().map(licenceOf).join("\n\n"));
}

/** @param {string} folder of a package that is in a script @returns {string} what it is, and under which licence */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const file = readdirSync(join(root, folder)).find((name) => /^licen[sc]e/i.test(name));
  const text = file ? readFileSync(join(root, folder, file), "utf8") : license;
  return `${name} ${version}\n\n${text.trim()}\n`;
}
