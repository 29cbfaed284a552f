/** What the README says of a trial. */

/** @param {import("./outcome.mjs").Outcome} outcome */
export function cell({ sent, lost, twice, repeated, reported, thrown, note }) {
  const marks = [
    lost > 0 && reported >= lost && "counted",
    twice > 0 && `**${twice} stored twice**`,
    repeated > 0 && `${repeated} again`,
    thrown > 0 && `**${thrown} threw**`,
    note,
  ];
  const count = lost > 0 ? `**${lost}/${sent}**` : `0/${sent}`;
  return [count, ...marks.filter(Boolean)].join(", ");
}

/** Where a row cannot be run. */
export const NONE = "–";
