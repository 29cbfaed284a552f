/**
 * A site of a test's own in front of the real collector: what the test has not changed passes through. It notes every
 * request, answers in the collector's place, holds answers back, and cuts the line.
 */
import { once } from "node:events";
import { request as ask, createServer } from "node:http";
import { serve } from "./server.mjs";

/**
 * @typedef {object} Seen a request as the server saw it
 * @property {string} method
 * @property {string} path
 * @property {string} body
 * @property {boolean} cut whether the browser closed the connection before it had its answer
 */

/**
 * @typedef {object} Answer
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {string | Buffer} body
 */

/** What a path answers: as told, or as the collector does, changed. @typedef {Answer | ((answer: Answer) => Answer)} Reply */

/**
 * @typedef {object} Site
 * @property {string} url
 * @property {Seen[]} seen
 * @property {() => Seen[]} batches what was sent to `/v1/`
 * @property {(path: string, reply: Reply) => void} answer so from now on
 * @property {(pattern: RegExp) => () => void} hold back answers at such paths until the function returned is called
 * @property {boolean} down whether the line to `/v1/` is cut
 * @property {() => Promise<any[]>} events the collector's
 * @property {() => Promise<void>} stop
 */

const NOT_FOUND = { status: 404, body: "" };

/** With TIDEGATE_FALLBACK the wasm is not there, so that the core runs as JavaScript. @returns {Promise<Site>} */
export async function openSite() {
  const collector = await serve();
  /** @type {Seen[]} */
  const seen = [];
  /** @type {Map<string, Reply>} */
  const replies = new Map(process.env.TIDEGATE_FALLBACK ? [["/dist/tidegate_bg.wasm", NOT_FOUND]] : []);
  /** @type {{ pattern: RegExp, released: Promise<void> }[]} */
  const holds = [];

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://site.test").pathname;
    const note = { method: request.method ?? "", path, body: "", cut: false };
    response.on("close", () => {
      note.cut = !response.writableFinished;
    });
    try {
      const body = await bodyOf(request);
      note.body = String(body);
      seen.push(note);
      if (site.down && path.startsWith("/v1/")) return request.socket.destroy();
      const reply = replies.get(path);
      const given = typeof reply === "object" ? reply : await pass(request, body);
      const answer = typeof reply === "function" ? reply(given) : given;
      for (const { pattern, released } of holds) if (pattern.test(path)) await released;
      response.writeHead(answer.status ?? 200, { "cache-control": "no-store", ...answer.headers }).end(answer.body);
    } catch {
      // The browser has gone, or the collector has: either way the line is cut.
      response.destroy();
    }
  });

  /** @param {import("node:http").IncomingMessage} request @param {Buffer} body @returns {Promise<Answer>} */
  async function pass(request, body) {
    const { host, connection, ...headers } = request.headers;
    // Compressed answers could not be changed.
    const onward = ask(new URL(request.url ?? "/", collector.url), {
      method: request.method,
      headers: { ...headers, "accept-encoding": "identity", ...(headers.origin && { origin: collector.url }) },
    });
    onward.end(body);
    const [answer] = await once(onward, "response");
    const kept = Object.entries(answer.headers).filter(([name]) => /^content-type$|^retry-after$/.test(name));
    return { status: answer.statusCode, headers: Object.fromEntries(kept), body: await bodyOf(answer) };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  /** @type {Site} */
  const site = {
    url: `http://127.0.0.1:${port}`,
    seen,
    batches: () => seen.filter((one) => one.path.startsWith("/v1/")),
    answer: (path, reply) => void replies.set(path, reply),
    hold(pattern) {
      let release = () => {};
      const released = new Promise((/** @type {(value: void) => void} */ resolve) => {
        release = resolve;
      });
      holds.push({ pattern, released });
      return release;
    },
    down: false,
    events: collector.events,
    async stop() {
      server.closeAllConnections();
      server.close();
      await collector.stop();
    },
  };
  return site;
}

/** @param {AsyncIterable<Buffer>} stream */
async function bodyOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
