/** Runs one command of a test stage, shows what it writes and counts the tests it reports. */
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { root } from "../tools.mjs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/** @returns {Totals} */
export const none = () => ({ passed: 0, failed: 0, skipped: 0 });

/** @param {Totals} a @param {Totals} b @returns {Totals} */
export const sum = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** @param {Totals} totals @returns {string} the form of the last line of a test run */
export const text = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

/** What a summary line of `cargo test`, wasm-bindgen-test or `node --test` adds. @type {[RegExp, keyof Totals][]} */
const COUNTS = [
  [/^test result: .*?(\d+) passed/, "passed"],
  [/^test result: .*?(\d+) failed/, "failed"],
  [/^test result: .*?(\d+) ignored/, "skipped"],
  [/^ℹ pass (\d+)$/, "passed"],
  [/^ℹ (?:fail|cancelled) (\d+)$/, "failed"],
  [/^ℹ (?:skipped|todo) (\d+)$/, "skipped"],
];

/** @param {string} line @param {Totals} totals added to */
function count(line, totals) {
  const plain = stripVTControlCharacters(line).trim();
  for (const [pattern, key] of COUNTS) totals[key] += Number(pattern.exec(plain)?.[1] ?? 0);
}

/**
 * @typedef {object} Command
 * @property {string} command
 * @property {string[]} args
 * @property {Record<string, string>} [env]
 * @property {number} minutes after which it is ended
 */

/**
 * @param {Command} wanted
 * @returns {Promise<Totals>} what it reported; a run that failed without a failed test counts as one failure
 */
export function run({ command, args, env = {}, minutes }) {
  const totals = none();
  // A group of its own, so that ending it ends the browsers it started.
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const end = () => child.pid && process.kill(-child.pid, "SIGTERM");
  const interrupted = () => {
    end();
    process.exit(130);
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  const timer = setTimeout(() => {
    console.error(`${command} ${args.join(" ")} did not finish within ${minutes} minutes`);
    end();
  }, minutes * 60_000);

  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
    process.stdout.write(chunk);
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) count(line, totals);
  });
  return new Promise((done) => {
    const finish = (/** @type {number | null} */ code) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
      count(rest, totals);
      rest = "";
      if (code !== 0 && totals.failed === 0) totals.failed = 1;
      done(totals);
    };
    child.on("error", (error) => {
      console.error(`${command} cannot be run: ${error.message}`);
      finish(1);
    });
    child.on("close", finish);
    // A browser that outlives its test keeps the output open; it is not waited for.
    child.on("exit", (code) => setTimeout(finish, 5_000, code).unref());
  });
}
