import { start } from "./start";
import type { Analytics, LoadOptions } from "./tidegate.d.ts";

/** Starts an instance. See tidegate.d.ts. */
export function load(options: LoadOptions): Analytics {
  return start(
    options?.global,
    () => ({
      config: options.config,
      wasm: options.wasm ?? new URL("./tidegate_bg.wasm", import.meta.url),
      base: new URL(".", import.meta.url).href,
      writeKey: options.writeKey ?? null,
    }),
    options,
  );
}
