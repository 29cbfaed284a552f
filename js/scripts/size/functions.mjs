/** `npm run size -- --functions`: which functions make up the wasm. */
import { readFileSync } from "node:fs";
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

/** @param {string} file prints the modules, then the largest functions, in bytes before compression */
export function printFunctions(file) {
  const all = functions(readFileSync(file))
    .map(({ name, body }) => ({ name, bytes: body.length }))
    .sort((a, b) => b.bytes - a.bytes);
  /** @type {Map<string, number>} */
  const modules = new Map();
  for (const { name, bytes } of all) modules.set(moduleOf(name), (modules.get(moduleOf(name)) ?? 0) + bytes);
  const rows = (/** @type {[string, number][]} */ list) => {
    for (const [name, bytes] of list) console.log(String(bytes).padStart(8), name);
  };
  console.log("bytes, by module");
  rows([...modules].sort((a, b) => b[1] - a[1]).slice(0, 40));
  console.log("\nbytes, by function");
  rows(all.slice(0, 60).map(({ name, bytes }) => [plain(name).slice(0, 160), bytes]));
}
