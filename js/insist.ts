import { describe } from "./describe";

/** Fetches a script until it comes: a second after a failure again, then after twice that, up to a minute. */
export function insist<T>(
  fetch: (attempt: number) => Promise<T>,
  use: (script: T) => void | Promise<void>,
  failed: (code: string, message: string) => void,
  attempt = 0,
): void {
  fetch(attempt)
    .then(use)
    .catch((error) => {
      failed("script_failed", `${describe(error)}: events wait.`);
      setTimeout(() => insist(fetch, use, failed, attempt + 1), Math.min(1000 * 2 ** attempt, 60_000));
    });
}
