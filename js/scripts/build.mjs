/** `npm run build`: sets up what is missing and writes dist/. */
import "./setup/node.mjs";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setup } from "./setup.mjs";
import { root } from "./tools.mjs";

/** Writes dist/ and the demo store's vendor files. Ends the process where a step fails. */
export async function build() {
  // Imported here because setup installs what they import.
  const { bindgen, buildWasm, files } = await import("./build/wasm.mjs");
  const { bundle } = await import("./build/bundle.mjs");
  const { copyPublished, copyVendor } = await import("./build/copy.mjs");
  const { firstLoad, writeSizes } = await import("./size.mjs");

  const dist = join(root, "dist");
  try {
    console.log("build: the core, as wasm");
    buildWasm();
    console.log("build: the scripts");
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(dist, { recursive: true });
    await bundle(dist);
    for (const file of files) copyFileSync(join(bindgen, `${file}.wasm`), join(dist, `${file}.wasm`));
  } catch (error) {
    console.error(`build: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
  copyPublished(dist);
  copyVendor();
  console.log(`build: dist/ is ready, first load ${(firstLoad(writeSizes(dist)) / 1024).toFixed(1)} KB (brotli 11)`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  setup();
  await build();
}
