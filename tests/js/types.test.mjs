import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the compiler says, and the exit status. */
function tsc(...args) {
  const command = ["node_modules/typescript/bin/tsc", ...args];
  const { stdout, status } = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  return { lines: stdout.split("\n").filter(Boolean), status };
}

test("a typed page compiles, and its mistakes do not", () => {
  const options =
    "--noEmit --strict --target es2020 --module esnext --moduleResolution bundler --lib es2020,dom,dom.iterable";
  const args = [...options.split(" "), "--types", "", "--ignoreConfig", "tests/js/support/typed-page.ts"];
  assert.deepEqual(tsc(...args), { lines: [], status: 0 });
});

// tests/types is code of Segment's users. Segment's own types have to take it too, or it would say nothing about them.
for (const [types, config, has, hasNot] of [
  ["Segment's", "tsconfig.json", "/node_modules/@segment/analytics-next/", "/js/tidegate.d.ts"],
  ["our", "tsconfig.tidegate.json", "/js/tidegate.d.ts", "/node_modules/@segment/"],
])
  test(`a project typed against @segment/analytics-next compiles against ${types} types, and its mistakes do not`, () => {
    const { lines, status } = tsc("-p", `tests/types/${config}`, "--listFiles", "--pretty", "false");
    // The files read are listed after the errors, each with its whole path.
    const files = lines.map((line) => line.replaceAll("\\", "/")).filter((line) => /^(\/|[A-Z]:).*\.ts$/.test(line));
    assert.deepEqual(lines.slice(0, lines.length - files.length), []);
    assert.equal(status, 0);
    const read = (part) => files.some((file) => file.includes(part));
    for (const file of ["verbs", "state", "plugins", "refused"]) assert.ok(read(`/tests/types/${file}.ts`), file);
    assert.ok(read(has));
    assert.ok(!read(hasNot));
  });

/** The lines of TypeScript code that name the type `any`; in comments and texts it is a word like others. */
function anyIn(code) {
  const blank = (text) => text.replace(/[^\n]/g, " ");
  const bare = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, blank);
  return bare.split("\n").flatMap((line, index) => (/\bany\b/.test(line) ? [index + 1] : []));
}

test("the public types are without `any`", () => {
  assert.deepEqual(
    anyIn('/** any\n any */ a: "any // any"; // any\n b: any;\n c: Map<string, any[]>; company: d'),
    [3, 4],
  );
  assert.deepEqual(anyIn(readFileSync(`${root}/js/tidegate.d.ts`, "utf8")), []);
});
