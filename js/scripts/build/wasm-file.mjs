/** Reading a wasm file's functions: https://webassembly.github.io/spec/core/binary/modules.html */

/** Section numbers. */
const SECTION = { custom: 0, import: 2, export: 7, element: 9, code: 10 };
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

/** @param {Reader} reader */
function limits(reader) {
  const bounded = reader.number() & 1;
  reader.number();
  if (bounded) reader.number();
}

/** What follows the kind of an import. @type {((reader: Reader) => void)[]} */
const DESCRIPTIONS = [
  (reader) => reader.number(),
  (reader) => {
    reader.byte();
    limits(reader);
  },
  limits,
  (reader) => {
    reader.byte();
    reader.byte();
  },
];

/** @param {Reader} reader @returns {number} how many functions the import section imports */
function imports(reader) {
  let imported = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind === 0) imported++;
    DESCRIPTIONS[kind]?.(reader);
  }
  return imported;
}

/**
 * @param {Buffer} bytes a wasm file
 * @returns {{ index: number, name: string, body: Buffer }[]} its own functions in order; the name is from its name section
 */
export function functions(bytes) {
  const reader = new Reader(bytes);
  reader.at = 8;
  let imported = 0;
  /** @type {Buffer[]} */
  const bodies = [];
  /** @type {Map<number, string>} */
  const names = new Map();
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const end = reader.number() + reader.at;
    if (section === SECTION.import) imported = imports(reader);
    if (section === SECTION.code) {
      for (let left = reader.number(); left > 0; left--) {
        const size = reader.number();
        bodies.push(bytes.subarray(reader.at, reader.at + size));
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
  return bodies.map((body, place) => {
    const index = place + imported;
    return { index, name: names.get(index) ?? `function ${index}`, body };
  });
}

/** @param {number} value @returns {number[]} it as LEB128 */
function leb(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

/** @param {string} text @returns {number[]} */
const named = (text) => [...leb(text.length), ...Buffer.from(text, "latin1")];

/**
 * @param {Buffer} bytes a wasm file without a name section
 * @param {Map<number, string>} names of functions, ASCII
 * @returns {Buffer} the file with these names
 */
export function withNames(bytes, names) {
  const list = [...names].sort(([a], [b]) => a - b).flatMap(([index, name]) => [...leb(index), ...named(name)]);
  const entries = [...leb(names.size), ...list];
  const section = [...named("name"), FUNCTION_NAMES, ...leb(entries.length), ...entries];
  return Buffer.concat([bytes, Buffer.from([SECTION.custom, ...leb(section.length), ...section])]);
}

/**
 * Takes functions out of the table, so that they can go where nothing else uses them. Others keep their places.
 * @param {Buffer} bytes a wasm file whose table is filled by one list of functions, with a name section
 * @param {(name: string) => boolean} unused whether a function of this name is never called through the table
 * @returns {Buffer} the file with one and the same other function in their places
 */
export function withoutInTable(bytes, unused) {
  const names = new Map(functions(bytes).map(({ index, name }) => [index, name]));
  return withSection(bytes, SECTION.element, (section) => {
    const reader = new Reader(section);
    const [segments, kind, opcode] = [reader.number(), reader.number(), reader.byte()];
    if (segments !== 1 || kind !== 0 || opcode !== 0x41) throw new Error("the wasm's table is not filled as expected");
    reader.number();
    if (reader.byte() !== 0x0b) throw new Error("the wasm's table does not begin as expected");
    const head = section.subarray(0, reader.at);
    const places = Array.from({ length: reader.number() }, () => reader.number());
    const isUnused = (/** @type {number} */ index) => unused(names.get(index) ?? "");
    const other = places.find((index) => names.has(index) && !isUnused(index)) ?? 0;
    const list = [...leb(places.length), ...places.flatMap((index) => leb(isUnused(index) ? other : index))];
    return Buffer.concat([head, Buffer.from(list)]);
  });
}

/**
 * @param {Buffer} bytes a wasm file
 * @returns {{ name: string, kind: number, index: number, from: number, to: number }[]} its exports, each with its place in the file
 */
function exportsOf(bytes) {
  const reader = new Reader(bytes);
  reader.at = 8;
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const end = reader.number() + reader.at;
    if (section === SECTION.export)
      return Array.from({ length: reader.number() }, () => {
        const from = reader.at;
        return { name: reader.text(), kind: reader.byte(), index: reader.number(), from, to: reader.at };
      });
    reader.at = end;
  }
  return [];
}

/**
 * @param {Buffer} bytes a wasm file
 * @param {number} wanted a section's number
 * @param {(section: Buffer) => Buffer} change what becomes of it
 * @returns {Buffer} the file with that
 */
function withSection(bytes, wanted, change) {
  const reader = new Reader(bytes);
  reader.at = 8;
  while (reader.at < bytes.length) {
    const start = reader.at;
    const section = reader.byte();
    const end = reader.number() + reader.at;
    if (section === wanted) {
      const changed = change(bytes.subarray(reader.at, end));
      const sized = Buffer.from([section, ...leb(changed.length)]);
      return Buffer.concat([bytes.subarray(0, start), sized, changed, bytes.subarray(end)]);
    }
    reader.at = end;
  }
  throw new Error(`the wasm has no section ${wanted}`);
}

/**
 * @param {Buffer} bytes a wasm file
 * @param {string} unwanted the name of an export
 * @returns {Buffer} the file without it
 * @throws {Error} where it has none of that name
 */
export function withoutExport(bytes, unwanted) {
  const all = exportsOf(bytes);
  const kept = all.filter(({ name }) => name !== unwanted);
  if (kept.length !== all.length - 1) throw new Error(`the wasm exports no ${unwanted}`);
  return withSection(bytes, SECTION.export, () =>
    Buffer.concat([Buffer.from(leb(kept.length)), ...kept.map(({ from, to }) => bytes.subarray(from, to))]),
  );
}

/**
 * wasm-bindgen's slots for the page's objects are used again and again. Here only what starts a core takes any, and keeps it for as long as the page lives:
 * each is a new one, and none is given back.
 * @param {Buffer} bytes a wasm file with a name section
 * @returns {Buffer} the file with these two functions made so
 * @throws {Error} where it has not both
 */
export function withSlotsForGood(bytes) {
  const table = exportsOf(bytes).find(({ name }) => name === "__wbindgen_externrefs")?.index ?? -1;
  /** @type {Record<string, number[]>} */
  const bodies = {
    // ref.null extern, i32.const 1, table.grow
    __externref_table_alloc: [0, 0xd0, 0x6f, 0x41, 1, 0xfc, 15, ...leb(table), 0x0b],
    __externref_table_dealloc: [0, 0x0b],
  };
  const made = functions(bytes).map(({ name, body }) => Buffer.from(bodies[name] ?? body));
  const found = functions(bytes).filter(({ name }) => bodies[name]);
  if (table < 0 || found.length !== 2) throw new Error("the wasm does not keep the page's objects as expected");
  return withSection(bytes, SECTION.code, () =>
    Buffer.concat([Buffer.from(leb(made.length)), ...made.flatMap((body) => [Buffer.from(leb(body.length)), body])]),
  );
}

const FEATURES = "target_features";

/**
 * @param {Buffer} bytes a wasm file
 * @param {string[]} features what it is to say that it uses, whatever it said before
 * @returns {Buffer} https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#target-features-section
 */
export function withFeatures(bytes, features) {
  const reader = new Reader(bytes);
  reader.at = 8;
  const kept = [bytes.subarray(0, 8)];
  while (reader.at < bytes.length) {
    const start = reader.at;
    const section = reader.byte();
    const end = reader.number() + reader.at;
    if (section !== SECTION.custom || reader.text() !== FEATURES) kept.push(bytes.subarray(start, end));
    reader.at = end;
  }
  const used = features.flatMap((feature) => ["+".charCodeAt(0), ...named(feature)]);
  const said = [...named(FEATURES), ...leb(features.length), ...used];
  return Buffer.concat([...kept, Buffer.from([SECTION.custom, ...leb(said.length), ...said])]);
}
