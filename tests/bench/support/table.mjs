/** @typedef {{ title: string, columns: string[], rows: string[][] }} Table */

/** @param {Table} table @returns {string} as Markdown */
export const markdown = ({ title, columns, rows }) =>
  [`${title}\n`, line(columns), line(columns.map((_, at) => (at ? "---:" : "---"))), ...rows.map(line)].join("\n");

/** @param {string[]} cells */
const line = (cells) => `| ${cells.join(" | ")} |`;
