import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the compiler says, and the exit status. */
function tsc(...args) {
  return tscIn(root, ...args);
}

function tscIn(cwd, ...args) {
  const command = [join(root, "node_modules/typescript/bin/tsc"), ...args];
  const { stdout, status } = spawnSync(process.execPath, command, { cwd, encoding: "utf8" });
  return { lines: stdout.split("\n").filter(Boolean), status };
}

const options = (resolution, module = "esnext") =>
  `--noEmit --strict --target es2020 --module ${module} --moduleResolution ${resolution} --lib es2020,dom,dom.iterable`
    .split(" ")
    .concat("--types", "", "--ignoreConfig");

test("a typed page compiles, and its mistakes do not", () => {
  assert.deepEqual(tsc(...options("bundler"), "tests/js/support/typed-page.ts"), { lines: [], status: 0 });
});

test("a project that has the package installed gets window.analytics where it asks for it, and only there", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-types-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/tidegate"));
    const use =
      'import type { Analytics } from "tidegate";\nexport const a: Analytics | undefined = window.analytics;\n';
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "referring.ts"), `/// <reference types="tidegate/global" />\n${use}`);
    writeFileSync(join(folder, "global.d.ts"), 'import "tidegate/global";\n');
    writeFileSync(join(folder, "importing.ts"), use);
    for (const how of [options("bundler"), options("nodenext", "nodenext")]) {
      assert.deepEqual(tscIn(folder, ...how, "referring.ts"), { lines: [], status: 0 });
      assert.deepEqual(tscIn(folder, ...how, "global.d.ts", "importing.ts"), { lines: [], status: 0 });
      assert.match(tscIn(folder, ...how, "importing.ts").lines.join(), /TS2339: Property 'analytics' does not exist/);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
    for (const file of ["verbs", "state", "plugins", "window", "refused"])
      assert.ok(read(`/tests/types/${file}.ts`), file);
    assert.ok(read(has));
    assert.ok(!read(hasNot));
  });

/** The lines of TypeScript code that name the type `any`; in comments and texts, and as a member's name, it is a word like others. */
function anyIn(code) {
  const blank = (text) => text.replace(/[^\n]/g, " ");
  const bare = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, blank);
  return bare.split("\n").flatMap((line, index) => (/\bany\b(?!\??:)/.test(line) ? [index + 1] : []));
}

test("the public types are without `any`", () => {
  assert.deepEqual(
    anyIn('/** any\n any */ a: "any // any"; // any\n b: any;\n c: Map<string, any[]>; company: d; any?: d; any: d'),
    [3, 4],
  );
  for (const file of ["tidegate.d.ts", "global.d.ts"])
    assert.deepEqual(anyIn(readFileSync(`${root}/js/${file}`, "utf8")), [], file);
});
