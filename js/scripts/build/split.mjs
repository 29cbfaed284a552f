/**
 * Takes parts out of the wasm into files of their own, which a page loads when it needs them. A part works in the memory
 * and with the functions of the rest; the rest calls into it through the table, whose places the part fills as it is
 * instantiated. What belongs to a part is found from its entries: everything that is reached through them only.
 *
 * Works on the text format as wasm-opt prints it, a form of the module a line break and one space:
 * https://webassembly.github.io/spec/core/text/modules.html
 */
import { createHash } from "node:crypto";
import { literal, segments, splitLiterals } from "./split-data.mjs";

/** What the part imports the rest as. */
const CORE = "core";
const NAME = String.raw`\$(?:"(?:[^"\\]|\\.)*"|[^\s()"]+)`;
const FORM = new RegExp(String.raw`^ (\(import "[^"]*" "[^"]*" )?\((func|global|table|memory) (${NAME})`);
/** Where a form names another, by the other's kind. */
const USES = {
  func: new RegExp(String.raw`\b(?:return_call|call|ref\.func) (${NAME})`, "g"),
  global: new RegExp(String.raw`\bglobal\.[gs]et (${NAME})`, "g"),
  table: new RegExp(String.raw`\b(?:call_indirect|table\.\w+) (${NAME})`, "g"),
};

/**
 * @typedef {object} Form a part of the module
 * @property {string} text
 * @property {string} kind `func`, `global`, `table`, `memory`, or something else
 * @property {string} name
 * @property {boolean} imported
 * @property {string} type as an import gives it: `(param i32) (result i32)`, `(mut i32)`, `2 2 funcref`
 */

/** @param {string} text @returns {Form} */
function form(text) {
  const [line = ""] = text.split("\n", 1);
  const [, imported, kind = "", name = ""] = FORM.exec(line) ?? [];
  const behind = name ? line.slice(line.indexOf(name) + name.length) : "";
  const [type = ""] =
    kind === "func"
      ? [
          [...behind.matchAll(/\((?:param (?:\$\S+ )?|result )[^)]*\)/g)]
            .map(([part]) => part.replace(/ \$\S+/, ""))
            .join(" "),
        ]
      : (/^ (\(mut \w+\)|[^()]+)/.exec(behind)?.slice(1) ?? []);
  return { text, kind, name, imported: imported !== undefined, type: type.trim() };
}

/** @param {Form} form @param {RegExp} uses @returns {string[]} */
const used = (form, uses) => [...form.text.matchAll(uses)].map(([, name = ""]) => name);

/** @param {Form[]} from @param {Map<string, Form>} functions @param {Set<string>} not @returns {Set<string>} the functions reached */
function reached(from, functions, not) {
  const found = new Set();
  for (const open = [...from]; open.length > 0; )
    for (const name of used(/** @type {Form} */ (open.pop()), USES.func)) {
      const next = functions.get(name);
      if (next && !found.has(name) && !not.has(name)) {
        found.add(name);
        open.push(next);
      }
    }
  return found;
}

/**
 * @param {string} module in the text format, with names
 * @param {RegExp[][]} entries of each part, the functions that the rest calls only once that part is there
 * @returns {{ rest: string, parts: string[] }} in the text format
 */
export function split(module, entries) {
  const forms = module
    .slice(module.indexOf("\n ("), module.lastIndexOf(")"))
    .split(/\n(?= \()/)
    .slice(1)
    .map(form);
  const functions = new Map(forms.filter(({ kind }) => kind === "func").map((form) => [form.name, form]));
  const formsOf = (/** @type {Iterable<string>} */ names) => [...names].flatMap((name) => functions.get(name) ?? []);
  const found = (/** @type {RegExp} */ pattern) => [...functions.keys()].filter((name) => pattern.test(name));
  // An entry that was merged with another function would leave what is behind it in the rest.
  for (const pattern of entries.flat()) if (found(pattern).length === 0) throw new Error(`the wasm has no ${pattern}`);
  const ways = entries.map((patterns) => new Set(patterns.flatMap(found)));
  const allWays = new Set(ways.flatMap((way) => [...way]));

  // What fills the table, or is exported, may be called at any time.
  const roots = forms.filter(({ text }) => /^ \((?:elem|export|start) /.test(text));
  const always = formsOf(roots.flatMap(({ text }) => text.match(new RegExp(NAME, "g")) ?? []));
  const stays = reached(always, functions, allWays);
  for (const { name } of always) stays.add(name);
  for (const name of stays) if (allWays.has(name)) throw new Error(`${name} is in the table or exported`);
  const goes = ways.map(
    (way) => new Set([...way, ...reached(formsOf(way), functions, new Set([...stays, ...allWays]))]),
  );
  // What two parts use, and the rest does not, each has for itself: the first load is what counts.
  const moved = goes.map((names) => formsOf(names).filter(({ imported }) => !imported));
  const owned = moved.map((part) => new Set(part.map(({ name }) => name)));
  const isMoved = (/** @type {Form} */ { kind, name }) => kind === "func" && owned.some((names) => names.has(name));

  const table = forms.find(({ kind, type }) => kind === "table" && type.endsWith("funcref"));
  const memory = forms.find(({ kind }) => kind === "memory");
  if (!table || !memory) throw new Error("the wasm has no table or no memory");
  // A part of another build than the rest would call the wrong functions: it does not find the memory.
  const build = createHash("sha256").update(module).digest("hex").slice(0, 8);
  const needed = moved.map((part) =>
    Object.entries(USES).flatMap(([kind, uses]) =>
      part.flatMap((form) => used(form, uses).map((name) => `${kind} ${name}`)),
    ),
  );
  /** What each part uses and has not itself. */
  const borrowed = needed.map((needs, at) => {
    const wanted = new Set([...needs, `table ${table.name}`]);
    return forms.filter((form) => !owned[at]?.has(form.name) && wanted.has(`${form.kind} ${form.name}`));
  });

  // All call each other through the table, behind what is there already: a place costs a byte, an export five.
  const calls = new Set(forms.filter((form) => !isMoved(form)).flatMap((form) => used(form, USES.func)));
  const borrowedFunctions = [...new Set(borrowed.flat())].filter(({ kind }) => kind === "func");
  const lent = borrowedFunctions.filter((form) => !isMoved(form)).map(({ name }) => name);
  const doors = moved.map((part) =>
    part.filter((form) => calls.has(form.name) || borrowedFunctions.includes(form)).map(({ name }) => name),
  );
  const size = Number.parseInt(table.type, 10);
  const places = new Map([...doors.flat(), ...lent].map((name, at) => [name, size + at]));
  const grown = (/** @type {string} */ text) => text.replaceAll(` ${size}`, ` ${size + places.size}`);
  const filled = (/** @type {string[]} */ names) =>
    names.length > 0
      ? ` (elem (table ${table.name}) (i32.const ${places.get(names[0] ?? "")}) func ${names.join(" ")})`
      : "";
  const called = (/** @type {Form} */ form) => through(form, table.name, places.get(form.name) ?? 0);

  const isLiteral = (/** @type {Form} */ { text }) => literal(text) !== undefined;
  const literals = splitLiterals(
    forms.flatMap(({ text }) => literal(text) ?? []),
    forms.filter((form) => !isMoved(form) && !isLiteral(form)).map(({ text }) => text),
    moved.map((part) => part.map(({ text }) => text)),
  );

  const rest = forms
    .filter((form) => !isLiteral(form) && (!isMoved(form) || calls.has(form.name)))
    .map((form) => {
      if (form === table) return grown(form.text);
      return isMoved(form) ? called(form) : form.text;
    });
  const exported = [...new Set(borrowed.flat())].filter(({ kind }) => kind !== "func");
  for (const [at, { name, kind }] of exported.entries()) rest.push(` (export "${at}" (${kind} ${name}))`);
  rest.push(` (export "${build}" (memory ${memory.name}))`, filled(lent), ...segments(literals.rest));

  const types = forms.filter(({ text }) => /^ \((?:type|rec) /.test(text)).map(({ text }) => text);
  const parts = moved.map((own, at) => {
    const imports = exported.map((form, number) => {
      const type = form === table ? grown(` ${form.type}`) : ` ${form.type}`;
      return ` (import "${CORE}" "${number}" (${form.kind} ${form.name}${type}))`;
    });
    imports.push(` (import "${CORE}" "${build}" (memory ${memory.name} ${memory.type}))`);
    const others = literals.parts.filter((_, other) => other !== at);
    const data = segments(literals.parts[at] ?? [], [...literals.rest, ...others.flat()]);
    const outside = (borrowed[at] ?? []).filter(({ kind }) => kind === "func").map(called);
    const part = [...types, ...imports, filled(doors[at] ?? []), ...data, ...outside, ...own.map(({ text }) => text)];
    return `(module\n${part.join("\n")}\n)\n`;
  });
  return { rest: `(module\n${rest.join("\n")}\n)\n`, parts };
}

/** @param {Form} form @param {string} table @param {number} place @returns {string} the function as a call through the table */
function through({ name, type }, table, place) {
  const params = [...type.matchAll(/\(param ([^)]*)\)/g)].flatMap(([, types = ""]) => types.split(" "));
  const given = params.map((_, at) => `(local.get ${at})`).join(" ");
  return ` (func ${name} ${type} (call_indirect ${table} ${type} ${given} (i32.const ${place})))`;
}
