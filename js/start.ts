import { createAnalytics } from "./analytics";
import { boot, files, type Sources, saysWho, words } from "./boot";
import { createInstance } from "./instance";
import { OTHERS } from "./own-keys";
import type { Analytics, SegmentOptions } from "./tidegate.d.ts";

/** What a global may hold: nothing, a stub's buffer, or an SDK that another copy of the script has started. */
export type Found = Partial<Analytics> & { push?: unknown; _writeKey?: string; _loadOptions?: SegmentOptions };

/** The page's globals; a server has none. */
export const globals = (typeof window === "undefined" ? {} : window) as unknown as Record<string, Found | undefined>;

/**
 * Starts an instance, as a global where it is given a name. What is `found`, by default under that name, stays: as the instance where
 * it is a stub, and as it is where it runs already. Instances of different names share nothing.
 */
export function start(
  name: string | undefined,
  own: () => Omit<Sources, "space" | "options">,
  options?: SegmentOptions,
  found = name ? globals[name] : undefined,
): Analytics {
  const space = !name || name === "analytics" ? "tg_" : `${OTHERS}${encodeURIComponent(name).replace(/[.]/g, "%2E")}.`;
  const sources = () => ({ ...own(), space, options: options ?? {} });
  if (found?.state && found.state !== "stub") return found as Analytics;
  const parts = files(sources);
  const instance = createInstance(words(sources), space, (attempt) => parts.script("cmp", attempt));
  const isPage = typeof document !== "undefined";
  const asksAddress = isPage && options?.useQueryString !== false && saysWho(location);
  const analytics = createAnalytics(instance, found?.push ? found : {}, parts);
  if (name) globals[name] = analytics;
  const off = options?.disable;
  if (typeof off === "function" ? off({}) : off) instance.link.fail();
  else if (isPage) boot(instance, analytics, sources, asksAddress);
  if (options?.initialPageview) analytics.page();
  return analytics;
}
