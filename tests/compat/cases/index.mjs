import { context } from "./context.mjs";
import { early } from "./early.mjs";
import { elements } from "./elements.mjs";
import { hearing } from "./hearing.mjs";
import { middleware } from "./middleware.mjs";
import { npm } from "./npm.mjs";
import { options } from "./options.mjs";
import { pages } from "./pages.mjs";
import { people } from "./people.mjs";
import { plugins } from "./plugins.mjs";
import { query } from "./query.mjs";
import { track } from "./track.mjs";
import { values } from "./values.mjs";

/**
 * @typedef {object} Case
 * @property {string} title
 * @property {string} [path] of the page, with its query
 * @property {string} [head] HTML of the page's head
 * @property {Record<string, unknown>} [load] options of Segment's `analytics.load(writeKey, options)`
 * @property {(analytics: any) => unknown} [early] runs before the SDK arrives
 * @property {(AnalyticsBrowser: any, settings: any) => unknown} [npm] makes the instance of a page without the snippet, by the npm module
 * @property {(analytics: any, sleep: (ms: number) => Promise<void>) => unknown} [run] runs once it is ready
 * @property {number} [events] how many arrive; at least one unless said
 * @property {boolean} [inOrder] whether the order of arrival counts
 * @property {boolean} [ends] false where even an event at the end would not arrive
 * @property {string} [why] what Segment does wrong
 * @property {(segment: any[]) => any[]} [instead] what arrives here in place of what Segment delivers
 */

/** @type {Case[]} */
export const cases = [
  ...track,
  ...pages,
  ...people,
  ...options,
  ...context,
  ...early,
  ...values,
  ...hearing,
  ...npm,
  ...middleware,
  ...plugins,
  ...query,
  ...elements,
];
