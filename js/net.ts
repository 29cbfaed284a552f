import type { Host } from "tidegate-wasm";

/** How a request ended, to the core: its number, then nothing, 1 for an end nobody hears of, or HTTP status and wait in milliseconds. */
export type Answered = (head: [request: number, status?: number, wait?: number], body: string) => void;

/** In place of a status that the page may not read. */
const SENT = 2;

type Answer = [status: number, text?: string, wait?: number];

/**
 * Posts batches: no credentials, redirects are errors, `text/plain` by the body's type. Whatever the page has put in place of the
 * browser's own functions, a request ends, and nothing throws.
 */
export function createNet(answered: Answered): Pick<Host, "send" | "abort"> {
  const under: Record<number, AbortController | undefined> = {};

  const post = async (id: number, url: string, body: string, keepalive: boolean): Promise<Answer> => {
    // Behind a line break stands what else fetch is told, JSON.
    const [address = "", extra] = url.split("\n");
    if (keepalive && !("keepalive" in Request.prototype)) {
      navigator.sendBeacon(address, body);
      return [1];
    }
    const controller = newController();
    under[id] = controller;
    const signal = controller?.signal ?? null;
    const init = { method: "POST", redirect: "error", credentials: "omit", keepalive, body, signal } as const;
    const response = await fetch(address, { ...init, ...(extra && JSON.parse(extra)) });
    if (response.type === "opaque") return [SENT];
    // What answers in a page's place to everything is no destination.
    const isPage = response.ok && /html/i.test(response.headers.get("Content-Type") ?? "");
    const text = String(await response.text());
    return [response.status, isPage && text ? "<" : text, waitOf(response.headers.get("Retry-After"))];
  };

  return {
    send(id, url, body, outlives) {
      const end = (status?: number, text = "", wait?: number) => {
        if (id in under) answered(status ? [id, status, wait] : [id], text);
        delete under[id];
      };
      under[id] = undefined;
      post(id, url, body, outlives).then(
        (answer) => end(...answer),
        () => end(),
      );
    },
    abort(id) {
      const controller = under[id];
      delete under[id];
      try {
        controller?.abort();
      } catch {}
    },
  };
}

/** None where the browser has none, or the page has put something in its place that requests do not take. */
function newController(): AbortController | undefined {
  try {
    const controller = new AbortController();
    return new Request("", { signal: controller.signal }) && controller;
  } catch {
    return;
  }
}

/** `Retry-After` in milliseconds from now: seconds, or an HTTP date (RFC 9110, section 10.2.3). */
function waitOf(text: string | null): number | undefined {
  const wait = /^\s*\d+\s*$/.test(text ?? "") ? Number(text) * 1000 : Date.parse(text ?? "") - Date.now();
  return wait > 0 ? Math.min(Math.round(wait), 1e12) : undefined;
}
