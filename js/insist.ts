/** Fetches until it comes, `pause` milliseconds after a failure, then twice that, up to a minute. */
export function insist<T>(
  fetch: (attempt: number) => Promise<T>,
  use: (part: T) => void,
  failed: (error: unknown) => void,
  pause = 1000,
): void {
  fetch(pause)
    .then(use)
    .catch((error) => {
      failed(error);
      setTimeout(insist, pause, fetch, use, failed, Math.min(pause * 2, 60_000));
    });
}
