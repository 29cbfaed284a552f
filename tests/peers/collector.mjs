/**
 * A collector that fails as told, for any of the SDKs. What it takes it stores as their backends do: once for each of the SDK's own
 * identifiers (`messageId`, `eventId`, `uuid`). Events are counted by the number that each carries as a property.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { modes } from "./modes.mjs";

/** @typedef {import("./modes.mjs").Mode} Mode */

/**
 * @typedef {object} Received a request, its body decompressed
 * @property {string} method
 * @property {URL} url
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {string} body
 * @property {number} bytes of the body, as they came over the wire
 * @property {number} at when it came, in milliseconds since the Unix epoch
 * @property {Mode} mode what it met
 */

/**
 * @typedef {object} Event
 * @property {string} id the SDK's
 * @property {any} properties the page's, among them the number `n`, which the call of a page that loads has not
 */

/**
 * How an SDK talks to its backend.
 * @typedef {object} Protocol
 * @property {(request: Received) => Event[]} events
 * @property {(events: (Event & { isNew: boolean })[]) => string} acknowledge
 * @property {number} [most] bytes of a request that it takes
 * @property {(request: Received) => string | undefined} [settings] what it gets where it asks for anything else
 */

/**
 * @typedef {object} Collector
 * @property {string} url
 * @property {Mode} mode what it does with a request, from now on
 * @property {Received[]} received the requests that carried events
 * @property {() => { stored: number, twice: number, repeated: number }} counts how many numbers are stored, how many of those more than once, and how many
 *   further copies of stored events came
 * @property {() => void} restart what hangs on it is cut
 * @property {() => void} stop
 */

/**
 * @param {Protocol} protocol
 * @param {number} [preflightSeconds] how long a browser need not ask again whether it may
 * @returns {Promise<Collector>}
 */
export async function openCollector(protocol, preflightSeconds = 0) {
  /** The number of each stored event. @type {Map<string, number | undefined>} */
  const stored = new Map();
  let repeated = 0;

  /** @param {Event[]} events */
  const store = (events) =>
    events.map((event) => {
      const isNew = !stored.has(event.id);
      if (isNew) stored.set(event.id, event.properties.n);
      else if (event.properties.n !== undefined) repeated++;
      return { ...event, isNew };
    });

  const server = createServer(async (request, response) => {
    try {
      const received = { ...(await receive(request)), mode: collector.mode };
      const events = received.method === "POST" ? protocol.events(received) : [];
      if (events.length > 0) collector.received.push(received);
      const { origin = "*" } = request.headers;
      await modes[collector.mode]({
        events,
        bytes: received.bytes,
        most: protocol.most,
        socket: request.socket,
        isPreflight: received.method === "OPTIONS",
        settings: protocol.settings?.(received),
        store: () => protocol.acknowledge(store(events)),
        answer({ status = 200, headers = {}, body = "", cors = true }) {
          response.writeHead(status, {
            "cache-control": "no-store",
            ...(cors && corsFor(origin, request)),
            ...(preflightSeconds > 0 && { "access-control-max-age": `${preflightSeconds}` }),
            ...headers,
          });
          response.end(body);
        },
      });
    } catch {
      response.destroy();
    }
  });
  // The browser that waits for an answer may be killed.
  server.on("connection", (socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

  /** @type {Collector} */
  const collector = {
    url: `http://collector.localhost:${port}`,
    mode: "ok",
    received: [],
    counts() {
      const numbers = [...stored.values()].filter((n) => n !== undefined);
      const { size } = new Set(numbers);
      return { stored: size, twice: numbers.length - size, repeated };
    },
    restart: () => server.closeAllConnections(),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return collector;
}

/** Whatever an SDK asks for, with credentials. @param {string} origin @param {import("node:http").IncomingMessage} request */
const corsFor = (origin, request) => ({
  "access-control-allow-origin": origin,
  "access-control-allow-credentials": "true",
  "access-control-allow-methods": "GET, POST",
  "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "content-type",
  "access-control-expose-headers": "retry-after",
});

/** @param {import("node:http").IncomingMessage} request @returns {Promise<Omit<Received, "mode">>} */
async function receive(request) {
  const at = Date.now();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const isZipped = raw[0] === 0x1f && raw[1] === 0x8b;
  return {
    method: request.method ?? "",
    url: new URL(request.url ?? "/", "http://collector.test"),
    headers: request.headers,
    body: String(isZipped ? gunzipSync(raw) : raw),
    bytes: raw.length,
    at,
  };
}
