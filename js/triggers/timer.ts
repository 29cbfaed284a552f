import { attempt } from "../attempt";
import { type Family, oneByOne, type Trigger } from "./family";

interface Timer extends Trigger {
  everyMs: number;
  times?: number;
}

/** Browsers take a longer one for none at all. */
const LONGEST = 2 ** 31 - 1;

export const timers: Family<Timer> = (tell) =>
  oneByOne(({ at, everyMs, times = Number.POSITIVE_INFINITY }) => {
    const begun = performance.now();
    let number = 0;
    let timer: ReturnType<typeof setInterval> | undefined;

    const turn = (on: boolean) => {
      if (on && number < times) timer ??= setInterval(() => attempt(tick), Math.min(everyMs, LONGEST));
      else {
        clearInterval(timer);
        timer = undefined;
      }
    };
    const tick = () => {
      turn(++number < times);
      tell("timer", { number, ms: Math.round(performance.now() - begun) }, [at]);
    };
    return turn;
  });
