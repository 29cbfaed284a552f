import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("a typed page compiles, and its mistakes do not", () => {
  const options =
    "--noEmit --strict --target es2020 --module esnext --moduleResolution bundler --lib es2020,dom,dom.iterable";
  const args = ["node_modules/typescript/bin/tsc", ...options.split(" "), "--types", "", "--ignoreConfig"];
  const { stdout, status } = spawnSync(process.execPath, [...args, "tests/js/support/typed-page.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(stdout, "");
  assert.equal(status, 0);
});
