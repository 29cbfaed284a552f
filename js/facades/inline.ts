import type { Core } from "../core";
import type { CoreLink } from "../core-link";

/**
 * Runs page code within a turn of the link: what it asks of the core and hands in is done at once, in its order, before what waits. The core is
 * still entered once at a time. What a core throws is thrown at the end: then the turn is done again, with another core.
 */
export function inline(link: CoreLink, core: Core, work: () => void): void {
  const { run, defer, ask } = link;
  const jobs: Parameters<CoreLink["run"]>[] = [];
  let trap: { error: unknown } | undefined;
  let isBusy = false;

  const enter = (job: (core: Core) => void) => {
    if (trap) return;
    isBusy = true;
    try {
      job(core);
    } catch (error) {
      trap = { error };
    }
    isBusy = false;
  };

  link.run = link.defer = (...handed: Parameters<CoreLink["run"]>) => {
    jobs.push(handed);
    if (isBusy || jobs.length > 1) return;
    for (const [job, settle] of jobs) {
      enter(job);
      settle?.();
    }
    jobs.length = 0;
  };
  link.ask = (read, neutral) => {
    let answer = neutral;
    if (!isBusy)
      enter((core) => {
        answer = read(core);
      });
    return answer;
  };
  try {
    work();
  } finally {
    Object.assign(link, { run, defer, ask });
  }
  if (trap) throw (trap as { error: unknown }).error;
}
