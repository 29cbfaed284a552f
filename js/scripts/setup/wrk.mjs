/** wrk, the load of `npm run bench -- collector`. */
import { onPath } from "../tools.mjs";
import { apt, Missing, say } from "./shell.mjs";

/** Installs it unless it is there. */
export function ensureWrk() {
  if (onPath("wrk")) return;
  say("installing with apt-get: wrk");
  if (apt(["wrk"]) && onPath("wrk")) return;
  throw new Missing("wrk cannot be had: install it, https://github.com/wg/wrk.");
}
