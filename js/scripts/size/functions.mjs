/** `npm run size -- --functions`: which functions make up the wasm. */
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { functions } from "../build/wasm-file.mjs";

/** @param {string} name @returns {string} without the crates' hashes */
const plain = (name) => name.replace(/\[[0-9a-f]+\]/g, "");

/** @param {string} name @returns {string} its module: `<tidegate_core::queue::page::Page>::write` → `tidegate_core::queue::page` */
function moduleOf(name) {
  const path = /^[<&*]*(?:(?:mut|const|dyn) <?)?([a-z_]\w*(?:::[a-z_]\w*)*)/.exec(plain(name))?.[1] ?? name;
  return path
    .split("::")
    .slice(0, path.startsWith("tidegate") ? 3 : 2)
    .join("::");
}

/** @param {Buffer[]} bodies @returns {number} bytes, brotli 11 */
const compressed = (bodies) =>
  brotliCompressSync(Buffer.concat(bodies), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** @typedef {ReturnType<typeof functions>} Functions */

/**
 * Prints parts of the code, the largest first: bytes before compression, and by how many bytes the compressed code is
 * smaller without them. What is alike elsewhere costs little, so that the second number is the one to work on.
 * @param {Functions} all
 * @param {Iterable<[string, Functions]>} parts
 * @param {number} most how many
 */
function print(all, parts, most) {
  const whole = compressed(all.map(({ body }) => body));
  const rows = [...parts].map(([name, part]) => ({
    name,
    part,
    raw: part.reduce((sum, { body }) => sum + body.length, 0),
  }));
  for (const { name, part, raw } of rows.sort((a, b) => b.raw - a.raw).slice(0, most)) {
    const without = all.filter((one) => !part.includes(one)).map(({ body }) => body);
    console.log(String(raw).padStart(8), String(whole - compressed(without)).padStart(8), name);
  }
}

/** @param {Functions} all @returns {Map<string, Functions>} */
function byModule(all) {
  const modules = new Map();
  for (const one of all) modules.set(moduleOf(one.name), [...(modules.get(moduleOf(one.name)) ?? []), one]);
  return modules;
}

/** Prints the largest modules. @param {string} file @param {string} name of the part */
export function printModules(file, name) {
  const all = functions(readFileSync(file));
  console.log(`\n     raw   brotli of ${name}, by module`);
  print(all, byModule(all), 16);
}

/** Prints the modules, then the largest functions. @param {string} file */
export function printFunctions(file) {
  const all = functions(readFileSync(file));
  console.log("     raw   brotli by module");
  print(all, byModule(all), 40);
  console.log("\n     raw   brotli by function");
  print(
    all,
    all.map((one) => [plain(one.name).slice(0, 160), [one]]),
    60,
  );
}
