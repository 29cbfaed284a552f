/** `npm run size -- --functions`: which functions make up the wasm. */
import { readFileSync } from "node:fs";

/** Section numbers of https://webassembly.github.io/spec/core/binary/modules.html#sections */
const SECTION = { custom: 0, import: 2, code: 10 };
const FUNCTION_NAMES = 1;

/** Reads a wasm file from front to back. */
class Reader {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  byte() {
    return this.bytes[this.at++] ?? 0;
  }
  /** An unsigned LEB128 number. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }
  text() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
}

/** @param {Reader} reader @returns {number} how many functions the import section imports; wasm-bindgen imports nothing else */
function imports(reader) {
  const count = reader.number();
  for (let i = 0; i < count; i++) {
    reader.text();
    reader.text();
    if (reader.byte() !== 0) throw new Error("the wasm imports something that is not a function");
    reader.number();
  }
  return count;
}

/**
 * @param {string} file a wasm file with a name section
 * @returns {{ name: string, bytes: number }[]} its functions, the largest first
 */
export function functions(file) {
  const reader = new Reader(readFileSync(file));
  reader.at = 8;
  let imported = 0;
  /** @type {number[]} */
  const sizes = [];
  /** @type {Map<number, string>} */
  const names = new Map();
  while (reader.at < reader.bytes.length) {
    const section = reader.byte();
    const end = reader.number() + reader.at;
    if (section === SECTION.import) imported = imports(reader);
    if (section === SECTION.code) {
      for (let left = reader.number(); left > 0; left--) {
        const size = reader.number();
        sizes.push(size);
        reader.at += size;
      }
    }
    if (section === SECTION.custom && reader.text() === "name") {
      while (reader.at < end) {
        const kind = reader.byte();
        const next = reader.number() + reader.at;
        if (kind === FUNCTION_NAMES)
          for (let left = reader.number(); left > 0; left--) names.set(reader.number(), reader.text());
        reader.at = next;
      }
    }
    reader.at = end;
  }
  return sizes
    .map((bytes, index) => ({ bytes, name: names.get(index + imported) ?? `function ${index + imported}` }))
    .sort((a, b) => b.bytes - a.bytes);
}

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
  const all = functions(file);
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
