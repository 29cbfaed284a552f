/** Values that JSON cannot say, or says in its own way. */

/** @type {import("./index.mjs").Case[]} */
export const values = [
  { title: "values: undefined", run: (a) => a.track("A", { gone: undefined, list: [undefined, 1] }) },
  { title: "values: NaN and infinity", run: (a) => a.track("A", { nan: NaN, infinity: Infinity, list: [NaN] }) },
  { title: "values: a date", run: (a) => a.track("A", { at: new Date(1577934245678) }) },
  { title: "values: a function", run: (a) => a.track("A", { call: () => {}, list: [() => {}] }) },
  { title: "values: a symbol", run: (a) => a.track("A", { mark: Symbol("x") }) },
  { title: "values: toJSON", run: (a) => a.track("A", { own: { toJSON: () => ({ told: true }) } }) },
  { title: "values: a map and a set", run: (a) => a.track("A", { map: new Map([["a", 1]]), set: new Set([1]) }) },
  { title: "values: a regular expression and an error", run: (a) => a.track("A", { re: /x/, error: new Error("e") }) },
  {
    title: "values: large and small numbers",
    run: (a) => a.track("A", { large: 1e21, small: 1e-7, most: 2 ** 53, minus: -0 }),
  },
  {
    title: "values: a class of the page",
    run: (a) =>
      a.track("A", {
        own: new (class {
          n = 1;
          get m() {
            return 2;
          }
        })(),
      }),
  },
  { title: "values: odd keys", run: (a) => a.track("A", { "": 1, "a.b": 2, ü: 3, "\n": 4, "{{x}}": 5 }) },
  {
    title: "values: revenue as text",
    run: (a) => a.track("Order Completed", { revenue: "12.50", products: [{ price: "1" }] }),
  },
  { title: "values: a typed array", run: (a) => a.track("A", { bytes: new Uint8Array([1, 2]) }) },
];
