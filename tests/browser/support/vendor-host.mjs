/** A vendor's host: serves the vendor's script, answers every origin as vendors do, and keeps what it was sent. */
import { once } from "node:events";
import { createServer } from "node:http";

/**
 * @typedef {object} Received
 * @property {string} method
 * @property {URL} url
 * @property {Buffer} body
 */

/**
 * @typedef {object} VendorHost
 * @property {string} url
 * @property {number} connections that were opened, with a request or without
 * @property {Received[]} received but for preflights and the script
 * @property {() => void} stop
 */

/**
 * @param {string} name below `localhost`, which browsers know to be this machine
 * @param {string} script what `/sdk.js` is
 * @returns {Promise<VendorHost>}
 */
export async function openVendorHost(name, script) {
  const server = createServer(async (request, response) => {
    const { method = "", url = "/", headers } = request;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    for (const [name, value] of Object.entries(shared(headers))) response.setHeader(name, value);
    if (method === "OPTIONS") return response.writeHead(204).end();
    if (url === "/sdk.js")
      return response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(script);
    host.received.push({ method, url: new URL(url, host.url), body: Buffer.concat(chunks) });
    return response.writeHead(200, { "content-type": "application/json" }).end('{"code":200,"status":1}');
  });
  server.on("connection", () => {
    host.connections++;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

  /** @type {VendorHost} */
  const host = {
    url: `http://${name}.localhost:${port}`,
    connections: 0,
    received: [],
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return host;
}

/** @param {import("node:http").IncomingHttpHeaders} asked */
const shared = (asked) => ({
  "cache-control": "no-store",
  "access-control-allow-origin": asked.origin ?? "*",
  "access-control-allow-credentials": "true",
  "access-control-allow-headers": asked["access-control-request-headers"] ?? "*",
});
