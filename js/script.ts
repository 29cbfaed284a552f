// The script a page embeds. Its tag says what to load: data-config, data-write-key, data-global, data-wasm and data-region.
// URLs there resolve against the page; the defaults lie beside the script.

import { globals, start } from "./start";

try {
  const script = document.currentScript as HTMLScriptElement | null;
  const { config, writeKey, global, wasm, region, globalSegmentAnalyticsKey } = script?.dataset ?? {};
  const beside = (file: string) => (script?.src || location.href).replace(/[?#].*/, "").replace(/[^/]*$/, file);
  // Segment's snippet says the names of global and write key in its own ways.
  const name = global || globalSegmentAnalyticsKey || "analytics";
  start(
    name,
    () => ({
      config: config || beside("tidegate.json"),
      wasm: wasm || beside("tidegate_bg.wasm"),
      base: beside(""),
      region,
      writeKey: writeKey || globals[name]?._writeKey || null,
    }),
    globals[name]?._loadOptions,
  );
} catch (error) {
  console.error("[tidegate] core_failed:", error);
}
