import { start } from "./start";
import type { Analytics, LoadOptions, SegmentOptions } from "./tidegate.d.ts";

/** Starts an instance. See tidegate.d.ts. */
export function load(options: LoadOptions): Analytics {
  return start(
    options?.global,
    () => ({
      config: options.config ?? "tidegate.json",
      wasm: options.wasm ?? new URL("./tidegate_bg.wasm", import.meta.url),
      base: new URL(".", import.meta.url).href,
      writeKey: options.writeKey ?? null,
    }),
    options,
  );
}

/** Segment's way to start one. See tidegate.d.ts. */
export const AnalyticsBrowser = {
  load(settings: LoadOptions, options?: SegmentOptions) {
    const analytics = load({ ...settings, ...options });
    // The one that loads is a promise of the one that has loaded.
    return Object.assign(Object.create(analytics), {
      // biome-ignore lint/suspicious/noThenProperty: it is meant to be awaited.
      then: (...args: Parameters<Promise<unknown>["then"]>) =>
        analytics
          .ready()
          .then(() => [analytics, undefined])
          .then(...args),
    });
  },
};
