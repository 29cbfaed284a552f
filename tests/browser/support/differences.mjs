/** What two records of the same events differ in, member by member, but for what has to differ. */

/**
 * Members that cannot be the same, and why.
 * @typedef {object} Exception
 * @property {string} at a pointer, with `*` for any text within one key and `/**` at the end for all that is below
 * @property {string} why
 * @property {RegExp} pattern
 * @property {"ours" | "theirs"} [only] who sends it at all
 * @property {(value: any) => boolean} [own] each has a value of its own, of which this holds
 * @property {(value: any) => unknown} [as] the form in which both are the same
 */

/** Sent by us alone. @param {string} why @param {string[]} at */
export const onlyOurs = (why, ...at) => exceptions(why, at, { only: "ours" });
/** Sent by the vendor's SDK alone. @param {string} why @param {string[]} at */
export const onlyTheirs = (why, ...at) => exceptions(why, at, { only: "theirs" });
/** Sent by both, each with its own value. @param {string} why @param {(value: any) => boolean} own @param {string[]} at */
export const eachItsOwn = (why, own, ...at) => exceptions(why, at, { own });
/** The same, once in one form. @param {string} why @param {(value: any) => unknown} as @param {string[]} at */
export const inOneForm = (why, as, ...at) => exceptions(why, at, { as });

/** @param {string} why @param {string[]} all @param {Partial<Exception>} what @returns {Exception[]} */
const exceptions = (why, all, what) => all.map((at) => ({ at, why, pattern: pattern(at), ...what }));

/** @param {string} at */
function pattern(at) {
  const [from = "", ...below] = at.split("/**");
  const literal = from.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
  return new RegExp(`^${literal}${below.length ? "(/.*)?" : ""}$`);
}

/**
 * @param {any} ours
 * @param {any} theirs
 * @param {Exception[]} exceptions the first that fits counts
 * @returns {{ same: string[], faults: string[], used: Set<Exception> }} pointers of members that are the same, what differs
 * without an exception or other than its exception says, and the exceptions there was a use for
 */
export function compare(ours, theirs, exceptions) {
  const [left, right] = [members(ours), members(theirs)];
  const used = new Set();
  const same = [];
  const faults = [];
  for (const at of new Set([...left.keys(), ...right.keys()])) {
    const exception = exceptions.find(({ pattern }) => pattern.test(at));
    if (exception) used.add(exception);
    const fault = differs(exception, left.get(at), right.get(at));
    if (fault) faults.push(`${at}: ${fault}`);
    else if (!exception?.only && !exception?.own) same.push(at);
  }
  return { same, faults, used };
}

/** @param {Exception | undefined} exception @param {any} ours @param {any} theirs @returns {string | undefined} */
function differs({ only, own, as } = /** @type {any} */ ({}), ours, theirs) {
  const both = `ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`;
  if (only) return (only === "ours" ? theirs : ours) === undefined ? undefined : `${both}, and not only ${only}`;
  if (ours === undefined || theirs === undefined) return both;
  if (own) return own(ours) && own(theirs) ? undefined : `${both}, which is not what each may have of its own`;
  return (as ? as(ours) === as(theirs) : ours === theirs) ? undefined : both;
}

/**
 * Everything that is not an object or a list, by its place. What holds nothing is not there: an empty object or list,
 * and `null`, by which some say so.
 * @param {any} value
 * @returns {Map<string, any>}
 */
export function members(value, at = "", found = new Map()) {
  if (typeof value !== "object") found.set(at, value);
  else for (const [key, member] of Object.entries(value ?? {})) members(member, `${at}/${key}`, found);
  return found;
}
