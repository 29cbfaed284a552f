/**
 * `npm test`: sets up, builds and runs every stage. `--full` (`npm run test:full`) sets TIDEGATE_FULL=1, at which the
 * tests take their slow rows too. The last line is the sum of all stages: `N passed, N failed[, N skipped]`.
 */
import "./setup/node.mjs";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { none, run, sum, text } from "./test/run.mjs";
import { stages } from "./test/stages.mjs";

const full = process.argv.includes("--full");
if (full) {
  process.env.TIDEGATE_FULL = "1";
  process.env.PROPTEST_CASES ||= "4096";
}

setup({ tests: true, fuzz: full });
await build();

let totals = none();
/** @type {string[]} */
const failed = [];
for (const { name, commands } of stages({ full })) {
  if (commands.length === 0) continue;
  console.log(`\n=== ${name}`);
  const started = Date.now();
  let stage = none();
  for (const command of commands) stage = sum(stage, await run(command));
  console.log(`=== ${name}: ${text(stage)} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (stage.failed > 0) failed.push(`${name}: ${stage.failed} failed`);
  if (stage.passed + stage.failed === 0) console.log(`=== ${name}: there is no test in it`);
  totals = sum(totals, stage);
}

console.log(failed.length > 0 ? `\nfailed:\n${failed.map((line) => `  ${line}`).join("\n")}` : "");
console.log(text(totals));
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
