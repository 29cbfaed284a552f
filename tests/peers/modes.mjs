/** What a collector does with a request. */
import { setTimeout as sleep } from "node:timers/promises";

/**
 * @typedef {object} Exchange
 * @property {import("./collector.mjs").Event[]} events
 * @property {number} bytes of the body
 * @property {number} [most] bytes that the backend takes
 * @property {import("node:net").Socket} socket
 * @property {boolean} isPreflight
 * @property {string} [settings] what is answered to a request for them
 * @property {() => string} store returns the acknowledgement
 * @property {(answer: { status?: number, headers?: Record<string, string>, body?: string, cors?: boolean }) => void} answer
 */

/** @typedef {keyof typeof modes} Mode */

/** What a proxy in front of the collector takes, in bytes. */
export const SMALL = 8 * 1024;
/** What a backend takes in a request that does not say otherwise: Segment's bound. */
const MOST = 500 * 1024;
/** How long 429 asks to wait, in seconds. */
export const WAIT = 4;

const JSON_TYPE = { "content-type": "application/json" };
const SIGN_IN = {
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Sign in</title><p>Accept the terms to use this network.",
};

/** @param {Exchange} exchange */
function ok({ answer, events, bytes, most = MOST, isPreflight, settings, store }) {
  if (isPreflight) return answer({ status: 204 });
  if (events.length === 0) return answer(settings ? { headers: JSON_TYPE, body: settings } : { status: 404 });
  if (bytes > most) return answer({ status: 413 });
  answer({ headers: JSON_TYPE, body: store() });
}

/** A failure that browsers let the page read. @param {(exchange: Exchange) => Parameters<Exchange["answer"]>[0]} failure */
const answering = (failure) => (/** @type {Exchange} */ exchange) =>
  exchange.isPreflight ? ok(exchange) : exchange.answer(failure(exchange));

/** @satisfies {Record<string, (exchange: Exchange) => void | Promise<void>>} */
export const modes = {
  ok,
  drop: ({ socket }) => void socket.destroy(),
  hang() {},

  /** A byte a second, and never the end of the headers. */
  async loris({ socket }) {
    for (const letter of "HTTP/1.1 200 OK\r\nx-slow: ".padEnd(1000, "z")) {
      if (socket.destroyed) return;
      socket.write(letter);
      await sleep(1000);
    }
  },

  /** A captive portal, where the page may read the answer: the endpoint is of the site itself, or the portal allows every origin. */
  portal: answering(() => SIGN_IN),
  /** A gateway that answers in JSON, and not for the backend. */
  sorry: answering(() => ({ headers: JSON_TYPE, body: '{"success":false,"error":"try again later"}' })),
  redirect: ({ answer, events }) =>
    answer(events.length > 0 ? { status: 302, headers: { location: "/sign-in" } } : SIGN_IN),
  busy: answering(() => ({ status: 429, headers: { "retry-after": `${WAIT}` } })),
  busyUntil: answering(() => ({
    status: 429,
    headers: { "retry-after": new Date(Date.now() + WAIT * 1000).toUTCString() },
  })),
  unavailable: answering(() => ({ status: 503 })),

  /** The event is stored, and the line is cut before the answer. */
  lostAnswer(exchange) {
    if (exchange.events.length === 0) return ok(exchange);
    exchange.store();
    exchange.socket.destroy();
  },

  /** Events that need no preflight are stored, but the page may not read the answer. */
  noCors: ({ answer, isPreflight, store }) => answer({ cors: false, body: isPreflight ? "" : store() }),
  small: (exchange) => (exchange.bytes > SMALL ? exchange.answer({ status: 413 }) : ok(exchange)),
  poison: (exchange) =>
    exchange.events.some(({ properties }) => properties.poison) ? exchange.answer({ status: 400 }) : ok(exchange),
};
