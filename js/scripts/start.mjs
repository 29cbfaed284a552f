/** `npm start`: sets up, builds, and serves the demo store, the collector and the live view until Ctrl-C. */
import "./setup/node.mjs";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { root } from "./tools.mjs";

setup();
await build();

console.log("build: the server");
const cargo = ["--release", "--package", "tidegate", ...(process.stderr.isTTY ? [] : ["--quiet"])];
const built = spawnSync("cargo", ["build", ...cargo], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
if (built.status !== 0) {
  console.error("The server does not compile; the compiler's message above says why.");
  process.exit(1);
}

mkdirSync(join(root, ".data"), { recursive: true });
const port = process.env.PORT || "4100";
if (!/^\d{1,5}$/.test(port)) {
  console.error(`PORT is "${port}" and must be a number: PORT=4200 npm start`);
  process.exit(1);
}
const verb = ["serve", "--config", "www/tidegate.json", "--port", port, "--store", ".data/events.db"];
const server = spawn("cargo", ["run", "--release", "--quiet", "--package", "tidegate", "--", ...verb], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});

let stopping = false;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {
    // A terminal's Ctrl-C has reached the server too; a second one would cut its closing short.
    if (!(signal === "SIGINT" && process.stdin.isTTY)) server.kill(signal);
    stopping = true;
  });
}
server.on("exit", (code) => process.exit(stopping ? 0 : (code ?? 1)));
