import { describe } from "./describe";

/** Fetches a script until it comes: a second after a failure again, then after twice that, up to a minute. */
export function insist<T>(
  fetch: (attempt: number) => Promise<T>,
  use: (script: T) => void,
  failed: (code: string, message: string) => void,
  pause = 1000,
): void {
  fetch(pause)
    .then(use)
    .catch((error) => {
      failed("script_failed", `${describe(error)}: events wait.`);
      setTimeout(() => insist(fetch, use, failed, Math.min(pause * 2, 60_000)), pause);
    });
}
