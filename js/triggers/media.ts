import { attributeOf, matches } from "../element-text";
import { cut } from "../plain";
import { type Family, listeners, places, type Trigger } from "./family";

interface Media extends Trigger {
  on?: string[];
  progress?: number[];
  selector?: string;
}

/** A recording from its start to its end. */
interface Run {
  url: string;
  isOver: boolean;
  /** Triggers, each with what is told of a run once. */
  told: Set<string>;
}

/** Videos and audios of the page. */
export const media: Family<Media> = (tell, describe) => {
  const runs = new WeakMap<Element, Run>();
  let wanted: Media[] = [];

  const heard = ({ type, target }: Event) => {
    if (!matches(target, "video,audio")) return;
    const player = target as HTMLMediaElement;
    const { duration, currentTime, ended, paused } = player;
    // It pauses where it ends, and may be moved while it does not play.
    if (ended ? type === "pause" : paused && type === "timeupdate") return;

    const url = player.currentSrc || player.src;
    const known = runs.get(player);
    const goesOn = known?.url === url && (ended || !known.isOver);
    const run = goesOn ? known : { url, isOver: false, told: new Set<string>() };
    runs.set(player, run);
    const isFirst = (at: number, what: number | string) => {
      const key = `${at} ${what}`;
      return !run.told.has(key) && !!run.told.add(key);
    };

    const tellOf = (status: string, percent: number, asks: (trigger: Media) => boolean | undefined) => {
      const due = wanted.filter(
        (trigger) =>
          (trigger.on?.includes(status) ?? true) && matches(player, trigger.selector ?? "*") && asks(trigger),
      );
      if (!due.length) return;
      const facts = { status, provider: "html5", url: cut(url), title: attributeOf(player, "title") };
      const length = Number.isFinite(duration) ? duration : null;
      tell("media", { ...facts, duration: length, currentTime, percent, element: describe(player) }, places(due));
    };
    const percent = ended ? 100 : Math.floor((currentTime / duration) * 100) || 0;
    if (type === "playing") tellOf("start", percent, ({ at }) => isFirst(at, type));
    if (type === "pause") tellOf("pause", percent, () => true);
    if (type === "timeupdate" || type === "ended")
      for (const mark of new Set(wanted.flatMap(({ progress = [] }) => progress).sort((a, b) => a - b)))
        if (mark <= percent)
          tellOf("progress", mark, ({ at, progress }) => progress?.includes(mark) && isFirst(at, mark));
    if (type === "ended") {
      run.isOver = true;
      tellOf("complete", percent, () => true);
    }
  };
  const turn = listeners(["playing", "pause", "ended"], heard);
  // It comes some times a second.
  const turnProgress = listeners(["timeupdate"], heard);

  return (triggers) => {
    wanted = triggers;
    turn(triggers.length > 0);
    turnProgress(triggers.some(({ progress }) => progress));
  };
};
