// What the page does once consent allows something, as a module of its own: `tidegate.granted.js` sends batches, puts tags on the page
// and calls vendors.

import type { Host } from "tidegate-wasm";
import type { CoreLink } from "./core-link";
import { invoke } from "./invoke";
import { createNet } from "./net";
import { createTagLoader } from "./tag-loader";

/** What the first load knows of this file. */
export type Granted = typeof import("./granted");

/** The rest of what the core calls back. `base` is the folder of templates/. */
export const createGranted = (link: CoreLink, base: string): Partial<Host> => ({
  ...createNet((head, body) => link.run((core) => core.answered(head, body))),
  ...createTagLoader(link, base),
  invoke: (path, args) => link.visit(() => invoke(path, args)),
});
