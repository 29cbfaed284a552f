import { type Family, listeners, places, type Trigger } from "./family";

/** In the order in which a page comes to them; the first three it has always come to. */
export const PAGE = ["consent-initialization", "initialization", "page-view", "dom-ready", "window-loaded"];

const REACHED: Record<string, number> = { loading: 3, interactive: 4, complete: 5 };

/** How far the page has come, once for each trigger: at once where that is past. */
export const page: Family<Trigger> = (tell) => {
  const told = new Set<number>();
  let wanted: Trigger[] = [];
  const waiting = () => wanted.filter(({ at }) => !told.has(at));

  const look = () => {
    for (const kind of PAGE.slice(0, REACHED[document.readyState])) {
      const due = places(waiting().filter((trigger) => trigger.kind === kind));
      for (const at of due) told.add(at);
      tell(kind, {}, due);
    }
    turn(waiting().length > 0);
  };
  const turn = listeners(["DOMContentLoaded", "load"], look);

  return (triggers) => {
    wanted = triggers;
    look();
  };
};
