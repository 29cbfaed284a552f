import type { Properties } from "../tidegate.d.ts";
import type { Front } from "./front";
import type { Layer } from "./layer";
import { copied, isPlain, put, type Tree } from "./plain";

/** A call as Tealium's queue snippet notes it: https://docs.tealium.com/platforms/javascript/version-4-52/ */
interface Noted {
  a?: unknown;
  b?: unknown;
  d?: unknown;
}

interface Page {
  utag?: Record<string, unknown>;
  utag_data?: unknown;
  utag_cfg_ovrd?: { noview?: unknown; noload?: unknown };
}

/** Which of the data names a call, the first that does: https://docs.tealium.com/platforms/javascript/track/ */
const VIEW_NAMES = ["page_name", "tealium_event", "event_name", "screen_title"];
const LINK_NAMES = ["tealium_event", "event_name", "link_text", "link_id"];

/** `utag`: https://docs.tealium.com/platforms/javascript/api/tracking-functions/. Tags go by the config's rules alone, so lists of tag IDs say nothing here. */
export function openTealium(front: Front, layer: Layer): () => void {
  const page = window as unknown as Page;
  const { noview, noload } = page.utag_cfg_ovrd ?? {};
  if (page.utag?.loader) throw new Error("Tealium's own utag.js runs on this page: remove one of the two");
  // What the page kept of its stub stays the object it is.
  page.utag ??= {};
  const { utag } = page;

  const fault = (what: string) => {
    front.instance.report("unserializable", `utag: a value is ${what}; a placeholder took its place. Pass JSON.`);
  };

  const keep = (data: Tree) => {
    for (const [key, value] of Object.entries(data)) put(Object(utag.data), key, value);
    // Lists of products belong together: those of a call before are not mixed in.
    layer.merge({ ...data, _clear: true });
  };

  const happened = (kind: unknown, given: unknown, callback: unknown) => {
    const isView = kind === "view";
    const data = isPlain(given) ? (copied(given, fault) as Tree) : {};
    const name = (isView ? VIEW_NAMES : LINK_NAMES)
      .map((key) => data[key])
      .find((one) => one && typeof one === "string");
    keep(data);
    if (isView) front.own.page(name as string | undefined, data as Properties);
    else front.own.track((name as string | undefined) ?? String(kind ?? "link"), data as Properties);
    front.afterwards(callback);
  };

  const call = (kind: unknown, data: unknown, callback: unknown) => {
    if (noload) return;
    front.turn(
      "utag",
      () => happened(kind, data, callback),
      () => front.afterwards(callback),
    );
  };
  const replay = (noted: unknown) => {
    const { a, b, d } = Object(noted) as Noted;
    call(d, a, b);
  };

  const noted: unknown[] = Array.isArray(utag.e) ? utag.e : [];
  utag.data = {};
  for (const kind of ["view", "link"]) utag[kind] = (data: unknown, callback: unknown) => call(kind, data, callback);
  // Either an event, data and callback, or an object of them.
  utag.track = (event: unknown, data: unknown, callback: unknown) =>
    front.guarded("utag.track()", () => {
      if (!isPlain(event)) return call(event, data, callback);
      const { event: kind, data: given, cfg } = event;
      call(kind, given, Object(cfg).cb);
    });
  // What the page kept of the stub's functions is heard too.
  utag.e = { push: (entry: unknown) => front.guarded("utag.e", () => replay(entry)) };

  return () => {
    if (!noview) call("view", page.utag_data, undefined);
    else if (isPlain(page.utag_data)) keep(page.utag_data);
    for (const entry of noted) front.guarded("utag.e", () => replay(entry));
  };
}
