/** A web server under a name of its own that notes every connection and every request, and acknowledges what is posted. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { root } from "../../../js/scripts/tools.mjs";

/**
 * @typedef {object} Seen a request as the server saw it
 * @property {string} method
 * @property {string} path with its query
 * @property {string} body
 * @property {string} cookie
 * @property {boolean} refused whether the line was down
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {boolean} cut whether the browser closed the connection before it had its answer
 */

/** @typedef {{ status?: number, headers?: Record<string, string>, body: string | Buffer }} Answer */

/**
 * @typedef {object} Host
 * @property {string} url
 * @property {string} port
 * @property {number} connections that were opened, with a request or without
 * @property {Seen[]} seen
 * @property {boolean} down whether the line is cut for what is posted
 * @property {(path: string, answer: Answer) => void} answer so from now on
 * @property {(path: string) => () => void} hold back answers at that path until the function returned is called
 * @property {(path?: string) => any[]} events that reached it, or only those at that path
 * @property {() => string[]} asked method and path of every request, in order
 * @property {() => void} stop
 */

const TYPES = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** @param {string} name below `localhost`, which browsers know to be this machine @returns {Promise<Host>} */
export async function openHost(name) {
  /** @type {Map<string, Answer>} */
  const answers = new Map();
  /** @type {Map<string, Promise<void>>} */
  const held = new Map();

  const server = createServer(async (request, response) => {
    const { method = "", url: path = "/", headers } = request;
    const seen = { method, path, body: "", headers, cookie: headers.cookie ?? "", refused: false, cut: false };
    response.on("close", () => {
      seen.cut = !response.writableFinished;
    });
    try {
      for await (const chunk of request) seen.body += chunk;
      seen.refused = host.down && method === "POST";
      host.seen.push(seen);
      if (seen.refused) return request.socket.destroy();
      const [bare = path] = path.split("?");
      await held.get(bare);
      const { status = 200, body, headers } = answers.get(bare) ?? (await standard(method, bare));
      const common = {
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
        "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
      };
      response.writeHead(status, { ...common, "content-type": type(bare), ...headers }).end(body);
    } catch {
      response.destroy();
    }
  });
  server.on("connection", () => {
    host.connections++;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

  /** @type {Host} */
  const host = {
    url: `http://${name}.localhost:${port}`,
    port: `${port}`,
    connections: 0,
    seen: [],
    down: false,
    answer: (path, answer) => void answers.set(path, answer),
    hold(path) {
      let release = () => {};
      const released = new Promise((/** @type {(value: void) => void} */ resolve) => {
        release = resolve;
      });
      held.set(path, released);
      return release;
    },
    events: (path) =>
      host.seen
        .filter((one) => one.method === "POST" && !one.refused && (path ?? one.path) === one.path)
        .map(({ body }) => JSON.parse(body))
        .flatMap((body) => body.batch ?? [body]),
    asked: () => host.seen.map(({ method, path }) => `${method} ${path}`),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return host;
}

/** @param {string} path */
const type = (path) => /** @type {Record<string, string>} */ (TYPES)[extname(path)] ?? "text/html; charset=utf-8";

/** What a path has that the test says nothing of. @param {string} method @param {string} path */
async function standard(method, path) {
  if (method === "POST") return { body: '{"success":true}', headers: { "content-type": "application/json" } };
  if (path.startsWith("/dist/")) return { body: await readFile(join(root, path)) };
  return { status: 404, body: "" };
}
