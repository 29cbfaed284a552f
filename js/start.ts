import { createAnalytics } from "./analytics";
import { boot, files, type Sources, saysWho, words } from "./boot";
import { createInstance } from "./instance";
import type { Analytics, SegmentOptions } from "./tidegate.d.ts";

/** What a global may hold: nothing, a stub's buffer, or an SDK that another copy of the script has started. */
export type Found = Partial<Analytics> & { push?: unknown; _writeKey?: string; _loadOptions?: SegmentOptions };

/** The page's globals; a server has none. */
export const globals = (typeof window === "undefined" ? {} : window) as unknown as Record<string, Found | undefined>;

/**
 * Starts an instance, as a global where it is given a name. An SDK that runs under that name already stays. Instances of different
 * names share nothing.
 */
export function start(
  name: string | undefined,
  own: () => Omit<Sources, "space" | "integrations">,
  options?: SegmentOptions,
): Analytics {
  const space = !name || name === "analytics" ? "tg_" : `tg_${encodeURIComponent(name)}.`;
  const sources = () => ({ ...own(), space, integrations: options?.integrations });
  const found = name ? globals[name] : undefined;
  if (found?.state && found.state !== "stub") return found as Analytics;
  const parts = files(sources);
  const instance = createInstance(words(sources), parts.cmp);
  const isPage = typeof document !== "undefined";
  // What the page's address says of the visitor comes before all calls.
  if (isPage && saysWho(location)) instance.link.run((core) => instance.begin?.(core));
  const analytics = createAnalytics(instance, found?.push ? found : {}, parts);
  if (name) globals[name] = analytics;
  if (options?.disable) instance.link.fail();
  else if (isPage) boot(instance, sources);
  if (options?.initialPageview) analytics.page();
  return analytics;
}
