/** A test of a case: at once, or as something still to do where what it needs has not landed. */
import { test } from "node:test";

/**
 * @param {string} name
 * @param {{ todo?: string | undefined, skip?: string | false }} options a test to do is listed and not run
 * @param {(t: import("node:test").TestContext) => Promise<void>} run
 */
export function audit(name, { todo, skip = false }, run) {
  if (todo) test(name, { todo });
  else test(name, { skip }, run);
}
