import { type Family, listeners, places, type Trigger } from "./family";

interface Scroll extends Trigger {
  vertical?: number[];
  horizontal?: number[];
  unit?: "percent" | "pixels";
}

const DIRECTIONS = ["vertical", "horizontal"] as const;
const UNITS = ["percent", "pixels"] as const;

/** How much of the document was in view, measured to the far edge: each mark once for each trigger, also those in view from the start. */
export const scrolls: Family<Scroll> = (tell) => {
  const told = new Set<string>();
  let wanted: Scroll[] = [];

  const look = () => {
    // While it grows, most of a document is in view.
    if (document.readyState !== "complete") return;
    const view = document.scrollingElement ?? document.documentElement;
    const ends = {
      vertical: [view.scrollTop + view.clientHeight, view.scrollHeight],
      // From right to left it is negative.
      horizontal: [Math.abs(view.scrollLeft) + view.clientWidth, view.scrollWidth],
    };
    for (const direction of DIRECTIONS)
      for (const unit of UNITS) {
        const [end = 0, size = 0] = ends[direction];
        // Positions are fractions where the page is zoomed, and sizes are not.
        const reached = unit === "pixels" ? end + 1 : ((end + 1) / size) * 100;
        const those = wanted.filter((trigger) => (trigger.unit ?? "percent") === unit);
        const marks = new Set(those.flatMap((trigger) => trigger[direction] ?? []));
        for (const mark of [...marks].sort((a, b) => a - b)) {
          const key = (at: number) => `${at} ${direction} ${mark}`;
          const due = places(those.filter((trigger) => trigger[direction]?.includes(mark))).filter(
            (at) => mark <= reached && !told.has(key(at)),
          );
          for (const at of due) told.add(key(at));
          tell("scroll", { mark, unit, direction }, due);
        }
      }
  };
  const turn = listeners(["scroll", "load"], ({ target }) => {
    // Not what scrolls within the page.
    if (target === document) look();
  });

  return (triggers) => {
    wanted = triggers;
    turn(triggers.length > 0);
    if (triggers.length) look();
  };
};
