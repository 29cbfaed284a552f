/** The tables of `peers.bench.mjs`. */
import { median, percentile } from "./numbers.mjs";

/** @typedef {import("./results.mjs").Run} Run */
/** @typedef {import("./table.mjs").Table} Table */

/** Where a figure does not count. */
const NONE = "–";
const NOTHING = "Nothing";

/**
 * @param {{ runs: Run[], transfers: Record<string, import("./transfer.mjs").Transfer> }} results
 * @returns {Table[]}
 */
export function tables({ runs, transfers }) {
  const names = [...new Set(runs.map(({ sdk }) => sdk))].filter((name) => name !== NOTHING);
  const isFloor = (/** @type {string} */ name) => name.startsWith("Floor");
  const bare = { load: new Map(), memory: medianOf(runs, NOTHING, 1, ({ memory }) => memory) };
  for (const throttle of [1, 4])
    bare.load.set(
      throttle,
      medianOf(runs, NOTHING, throttle, ({ load }) => load),
    );

  /** What it adds to a page that has nothing. @param {string} name @param {number} throttle */
  const load = (name, throttle) => medianOf(runs, name, throttle, (run) => run.load) - bare.load.get(throttle);
  const memory = (/** @type {string} */ name) => medianOf(runs, name, 1, (run) => run.memory) - bare.memory;
  const kb = (/** @type {number} */ bytes) => (bytes / 1024).toFixed(1);

  /** Only where all arrived. @param {keyof NonNullable<Run["arrived"]>} which @param {(run: Run) => number | undefined} figure */
  const counted =
    (which, figure) =>
    /** @param {Run} run */
    (run) => {
      const part = run.arrived?.[which];
      return part === undefined ? undefined : part >= 1 ? figure(run) : Number.NaN;
    };

  return [
    {
      title: "What a page loads",
      columns: ["", "KB", "gzip", "brotli", "main thread, ms", "at a quarter of the speed, ms", "memory, MB"],
      rows: names
        .filter((name) => !isFloor(name))
        .map((name) => {
          const { raw = 0, gzip = 0, brotli = 0 } = transfers[name] ?? {};
          const bytes = [raw, gzip, brotli].map(kb);
          return [
            name,
            ...bytes,
            ...[1, 4].map((throttle) => load(name, throttle).toFixed(0)),
            (memory(name) / 2 ** 20).toFixed(1),
          ];
        }),
    },
    {
      title: "What a call holds the main thread for, in µs",
      columns: [
        "",
        "300 on a fresh page: the calls",
        "until the next task",
        "at a quarter of the speed",
        "1,000 thereafter",
        "one by one, median",
        "p99",
        "longest task over 50 ms that follows, ms",
      ],
      rows: names.map((name) => [
        name,
        micros(
          medianOf(
            runs,
            name,
            1,
            counted("first", ({ first }) => first?.call),
          ),
        ),
        micros(
          medianOf(
            runs,
            name,
            1,
            counted("first", ({ first }) => first?.held),
          ),
        ),
        micros(
          medianOf(
            runs,
            name,
            4,
            counted("first", ({ first }) => first?.held),
          ),
        ),
        micros(
          medianOf(
            runs,
            name,
            1,
            counted("many", ({ many }) => many?.held),
          ),
        ),
        ...[50, 99].map((part) =>
          micros(
            medianOf(
              runs,
              name,
              1,
              counted("single", ({ single }) => percentile(single ?? [], part)),
            ),
          ),
        ),
        micros(
          medianOf(
            runs,
            name,
            1,
            counted("many", ({ many, first }) => Math.max(many?.longest ?? 0, first?.longest ?? 0)),
          ),
        ),
      ]),
    },
    {
      title: "What 1,000 events cost until all are stored, and a call while thousands wait",
      columns: [
        "",
        "CPU, ms",
        "requests",
        "bytes an event",
        "a call while the backend is out, µs",
        "with 5,000 events that wait, µs",
      ],
      rows: names
        .filter((name) => !isFloor(name))
        .map((name) => [
          name,
          micros(
            medianOf(
              runs,
              name,
              1,
              counted("many", ({ cpu }) => cpu),
            ),
          ),
          micros(
            medianOf(
              runs,
              name,
              1,
              counted("many", ({ requests }) => requests),
            ),
          ),
          micros(
            medianOf(
              runs,
              name,
              1,
              counted("many", ({ bytes }) => (bytes ?? 0) / 1000),
            ),
          ),
          micros(medianOf(runs, name, 1, ({ backlog }) => backlog?.none)),
          micros(medianOf(runs, name, 1, ({ backlog }) => ((backlog?.arrived ?? 1) < 1 ? Number.NaN : backlog?.some))),
        ]),
    },
  ];
}

const micros = (/** @type {number} */ figure) => (Number.isNaN(figure) ? NONE : figure.toFixed(0));

/**
 * @param {Run[]} runs
 * @param {string} name
 * @param {number} throttle
 * @param {(run: Run) => number | undefined} figure
 * @returns {number} not a number, where it does not count in any run
 */
export function medianOf(runs, name, throttle, figure) {
  const figures = runs.filter((run) => run.sdk === name && run.throttle === throttle).map(figure);
  const known = figures.filter((one) => one !== undefined);
  return known.some(Number.isNaN) ? Number.NaN : median(known);
}
