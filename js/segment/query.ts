import type { Kit, Methods } from "../api/kit";
import type { Core } from "../core";
import { decoded } from "../facts";
import type { SegmentOptions } from "../tidegate.d.ts";

const TRACK = 0;
const IDENTIFY = 3;

/** What a query says of the visitor: Segment's `ajs_` parameters. */
interface Said {
  anonymousId?: string | undefined;
  identify?: [id: string, traits: Record<string, string>] | undefined;
  track?: [event: string, properties: Record<string, string>] | undefined;
}

/** Of parameters that stand twice the last one counts, as analytics.js has it. */
export function saidIn(query: string): Said {
  const all = new Map<string, string>();
  for (const part of query.replace(/^[^?]*\?/, "").split("&")) {
    const [key = "", value = ""] = part.replace(/#.*/, "").split("=");
    all.set(key, decoded(value));
  }
  const under = (prefix: string) =>
    Object.fromEntries(
      [...all].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
    );
  const id = all.get("ajs_uid");
  const event = all.get("ajs_event");
  return {
    anonymousId: all.get("ajs_aid") || undefined,
    identify: id ? [id, under("ajs_trait_")] : undefined,
    track: event ? [event, under("ajs_prop_")] : undefined,
  };
}

/** Without identifiers that the page's patterns do not fit. */
function fitting(said: Said, asked: SegmentOptions["useQueryString"]): Said {
  const { aid, uid } = typeof asked === "object" ? asked : {};
  const fits = (pattern: RegExp | undefined, id = "") => !pattern || pattern.test(id);
  return {
    anonymousId: fits(aid, said.anonymousId) ? said.anonymousId : undefined,
    identify: fits(uid, said.identify?.[0]) ? said.identify : undefined,
    track: said.track,
  };
}

/** The query of a page's address; of one that has none, that of its fragment. */
const queryOf = ({ search, hash }: Location) => search || hash.replace(/^[^?]*(?=\?)/, "");

/** What the page's address says comes before every call of the page. Nothing where the config forbids it. */
export function takeQuery(core: Core, config: string, facts: string, asked: SegmentOptions["useQueryString"]): void {
  const { identity } = JSON.parse(config) as { identity?: { queryString?: boolean } };
  if (identity?.queryString === false) return;
  const { anonymousId, identify, track } = fitting(saidIn(queryOf(location)), asked);
  const now = Date.now();
  core.page(facts);
  if (anonymousId) core.identity(JSON.stringify({ anonymousId }));
  if (identify) core.call(IDENTIFY, JSON.stringify(identify), now);
  if (track) core.call(TRACK, JSON.stringify(track), now);
}

export function queryMethods({ self }: Kit): Methods {
  return {
    queryString(query) {
      const { anonymousId, identify, track } = saidIn(String(query));
      if (anonymousId) self.setAnonymousId(anonymousId);
      return Promise.all([...(identify ? [self.identify(...identify)] : []), ...(track ? [self.track(...track)] : [])]);
    },
  };
}
