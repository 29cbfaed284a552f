import type { Host } from "tidegate-wasm";

/** How a request ended, to the core: its number, then nothing, 1 for an end nobody hears of, or HTTP status and wait in milliseconds. */
export type Answered = (head: [request: number, status?: number, wait?: number], body: string) => void;

/** Posts batches: no credentials, redirects are errors, `text/plain` by the body's type. */
export function createNet(answered: Answered): Pick<Host, "send" | "abort"> {
  const under = new Map<number, AbortController | undefined>();

  const post = async (url: string, init: RequestInit) => {
    const response = await fetch(url, init);
    return [response.status, String(await response.text()), waitOf(response.headers.get("Retry-After"))] as const;
  };

  return {
    send(id, url, body, outlives) {
      const controller = globalThis.AbortController && new AbortController();
      const end = (status?: number, text = "", wait?: number) => {
        if (under.delete(id)) answered(status ? [id, status, wait] : [id], text);
      };
      under.set(id, controller);
      const signal = controller?.signal ?? null;
      if (outlives && !("keepalive" in Request.prototype)) {
        navigator.sendBeacon(url, body);
        queueMicrotask(() => end(1));
      } else {
        const init = {
          method: "POST",
          redirect: "error",
          credentials: "omit",
          keepalive: outlives,
          body,
          signal,
        } as const;
        post(url, init).then(
          (answer) => end(...answer),
          () => end(),
        );
      }
    },
    abort(id) {
      const controller = under.get(id);
      under.delete(id);
      controller?.abort();
    },
  };
}

/** `Retry-After` in milliseconds from now: seconds, or an HTTP date (RFC 9110, section 10.2.3). */
function waitOf(text: string | null): number | undefined {
  const wait = /^\s*\d+\s*$/.test(text ?? "") ? Number(text) * 1000 : Date.parse(text ?? "") - Date.now();
  return wait > 0 ? Math.min(Math.round(wait), 1e12) : undefined;
}
