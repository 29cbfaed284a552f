/**
 * walkerOS's collector behind Node's HTTP server: what its npm packages leave to the site is here, in the least code. It answers once the lines of a batch are on
 * disk, as Tidegate does. `node walkeros.mjs FILE` tells its address, and ends with its input.
 */
import { open } from "node:fs/promises";
import { createServer } from "node:http";
import { startFlow } from "@walkeros/collector";

const file = await open(process.argv[2] ?? "", "a");
/** @type {string[]} */
const lines = [];
const code = {
  type: "file",
  config: {},
  push: (/** @type {object} */ event) => void lines.push(JSON.stringify(event)),
};
const { elb } = /** @type {any} */ (
  await startFlow({ run: true, destinations: { file: /** @type {any} */ ({ code, config: {} }) } })
);

/** One batch at a time is taken, so that each request writes its own lines. @type {Promise<string[]>} */
let turn = Promise.resolve([]);

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { batch } = JSON.parse(String(Buffer.concat(chunks)));
  turn = turn.then(async () => {
    for (const { messageId, properties, context } of batch)
      await elb({ name: "product add", id: messageId, data: properties, context: { page: [context, 0] } });
    return lines.splice(0);
  });
  const written = await turn;
  await file.appendFile(`${written.join("\n")}\n`);
  await file.datasync();
  response.writeHead(200, { "content-type": "application/json" }).end('{"success":true}');
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${/** @type {any} */ (server.address()).port}`));
process.stdin.on("end", () => process.exit(0)).resume();
