/** Waiting for what must not happen: long enough for a batch to be sealed and for a first retry. */
import { setTimeout as sleep } from "node:timers/promises";

export const quiet = () => sleep(1000);
