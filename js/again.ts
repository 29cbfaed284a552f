// A core in place of one that threw: `tidegate.again.js`, fetched only then, each time under another address. So it has a memory of its own, and glue of its own.

import { isPersistent, type Launch, loadPart, type Sources, startWasm, type World, words } from "./boot";
import { startCore } from "./core";
import { describe } from "./describe";
import type { Instance } from "./instance";

/** Cores that may come after the first of an instance. */
const MOST = 5;

const { search } = new URL(import.meta.url);

/** Takes over from what is stored. Rejects where the core does not come. */
export async function takeOver(
  instance: Instance,
  sources: Sources,
  config: string,
  launch: Launch,
  error: unknown,
): Promise<void> {
  const { link, revivals = 0 } = instance;
  const why = describe(error);
  if (link.isUnique || revivals === MOST || !isPersistent(sources.options))
    return instance.fail([{ code: "core_failed", message: `The core stopped: ${why}` }]);
  await startWasm(sources, search);
  // Not every denial is stored. They hold until they are answered anew, as those of other tabs do.
  const purposes = Object.entries(instance.consent().purposes);
  const denied = purposes.filter(([, state]) => state === "denied").map(([id]) => id);
  const start: World["startCore"] = (...given) => {
    const core = startCore(...given);
    core?.message(JSON.stringify({ denied }));
    return core;
  };
  delete instance.isCopied;
  instance.revivals = revivals + 1;
  // Tags ran on this page, and are not to run again.
  launch({ startCore: start, loadPart }, JSON.stringify({ ...JSON.parse(config), tags: [] }));
  const message = await words(() => sources)("core_restarted", why);
  if (link.state() === "ready") instance.report("core_restarted", message);
}
