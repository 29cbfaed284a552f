// What analytics.js has beside the events, as a module of its own: `tidegate.segment.js`.

import type { Capture } from "./api/events";
import type { Kit, Methods } from "./api/kit";
import { elementMethods } from "./segment/elements";
import { legacyMethods } from "./segment/legacy";
import { createPlugins } from "./segment/plugins";
import { queryMethods } from "./segment/query";

export { takeQuery } from "./segment/query";

/** What the first load knows of this file. */
export type Segment = typeof import("./segment");

/** The methods that come with this file. None of them throws. */
export function createSegment(kit: Kit, capture: Capture): Methods {
  const { middlewareMethods, pluginMethods } = createPlugins(kit);
  const all = {
    ...pluginMethods,
    ...middlewareMethods,
    ...elementMethods(kit, capture),
    ...queryMethods(kit),
    ...legacyMethods(kit),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, method]) => [name, kit.guard(name, method, Promise.resolve(kit.self))]),
  );
}
