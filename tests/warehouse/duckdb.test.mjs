/**
 * A running collector's store is exported; DuckDB, and fakesnow for Snowflake, run the scripts beside the tables, and have what the
 * store has: the same number of rows, and the same values.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { python, root, target } from "../../js/scripts/tools.mjs";
import { serve } from "../browser/support/server.mjs";
import { batches } from "./support/events.mjs";

const support = join(root, "tests/warehouse/support");
/** @type {Awaited<ReturnType<typeof serve>>} */
let collector;
let folder = "";

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidegate-warehouse-"));
  collector = await serve();
  for (const body of batches()) {
    const answer = await fetch(`${collector.url}/v1/batch`, { method: "POST", body });
    const { results } = await answer.json();
    assert.deepEqual(
      [...new Set(results.map((/** @type {any} */ result) => result.status))],
      ["stored"],
      JSON.stringify(results),
    );
  }
  run("spread.py", collector.store);
});
after(async () => {
  await collector?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** @param {string} script @param {string[]} args @returns {string} what it prints */
function run(script, ...args) {
  const done = spawnSync(python(), ["-B", join(support, script), ...args], { encoding: "utf8" });
  assert.equal(done.status, 0, `${script}\n${done.stdout}${done.stderr}`);
  return done.stdout.trim();
}

/** @param {string} format @param {string} out @returns {any} what it prints */
function exported(format, out) {
  const args = ["export", "--store", collector.store, "--format", format, "--out", out];
  return JSON.parse(execFileSync(join(target, "debug", "tidegate"), args, { encoding: "utf8" }));
}

const rows = (/** @type {any} */ manifest) =>
  manifest.tables.reduce((/** @type {number} */ sum, /** @type {any} */ table) => sum + table.rows, 0);

for (const format of ["parquet", "ndjson"])
  test(`DuckDB runs duckdb.sql on ${format} and has what the store has`, () => {
    const out = join(folder, format);
    const manifest = exported(format, out);
    assert.deepEqual(manifest, JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")));
    const tracks = manifest.tables.find((/** @type {any} */ table) => table.name === "tracks");
    assert.equal(tracks.files.length, 3);
    assert.equal(run("duckdb_reads.py", collector.store, out), String(rows(manifest)));
  });

test("fakesnow runs snowflake.sql and has what the store has", () => {
  const out = join(folder, "for-snowflake");
  const manifest = exported("parquet", out);
  assert.equal(run("snowflake_loads.py", collector.store, out), String(rows(manifest)));
});

test("the README's commands export, and its query answers", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, command = ""] = /^cargo run -q -p tidegate -- (export .*)$/m.exec(readme) ?? [];
  const [, query = ""] = /^```sql\n(.*?)^```$/ms.exec(readme) ?? [];
  const out = join(folder, "readme");
  const args = command.replace(".data/events.db", collector.store).replace("--out tables", `--out ${out}`).split(" ");
  execFileSync(join(target, "debug", "tidegate"), args);
  const days = JSON.parse(run("duckdb_answers.py", out, query));
  assert.deepEqual(Object.keys(days[0]), ["day", "orders", "revenue"]);
  assert.equal(
    days.reduce((/** @type {number} */ sum, /** @type {any} */ day) => sum + day.revenue, 0),
    42 + 42.5,
  );
});

test("consent stamps are columns, and a property cannot pass for one", () => {
  const { tables } = exported("ndjson", join(folder, "ndjson"));
  for (const { name, columns } of tables) {
    if (name === "accounts" || name === "users") continue;
    const stamp = columns.find(
      (/** @type {any} */ column) => column.name === "context_consent_category_preferences_analytics",
    );
    assert.equal(stamp?.path, "/context/consent/categoryPreferences/analytics", name);
  }
  const spoofed = tables.find((/** @type {any} */ table) => table.name === "_2fa_enabled").columns;
  const path = (/** @type {string} */ name) => spoofed.find((/** @type {any} */ column) => column.name === name)?.path;
  assert.equal(path("context_ip"), "/context/ip");
  assert.equal(path("properties_context_ip"), "/properties/context_ip");
});
