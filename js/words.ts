// What problems mean and what to do, as a module of its own: `tidegate.words.js` comes with the first one. `said` is what the problem
// is about.

const CALLS: Record<string, string> = {
  track: 'track needs the event\'s name: analytics.track("Order Completed", { … })',
  alias: 'alias needs the new user ID: analytics.alias("user-1")',
  deep: "the arguments nest deeper than 60 levels: pass flatter ones",
  long: "an ID holds at most 1,000 bytes and traits 24 KB: pass less",
};

const unreachable = (what: string) => (said: string) =>
  `The ${what} could not be fetched: ${said} Put the file there, or say in data-${what} where it is.`;

const WORDS: Record<string, (said: string) => string> = {
  config_invalid: () => "It is at fault; `tidegate check` says where.",
  config_unreachable: unreachable("config"),
  wasm_unreachable: unreachable("wasm"),
  wasm_failed: (said) =>
    `${said} ${
      /unsafe-eval|CSP|Content.Security/i.test(said)
        ? "Add 'wasm-unsafe-eval' to the script-src of the page's Content-Security-Policy."
        : "Deploy script and wasm of the same build."
    }`,
  core_failed: (said) => `The SDK could not start: ${said}`,
  core_restarted: (said) =>
    `the core stopped (${said}) and another went on with what is stored: counts begin anew, and no tag runs on this page any more`,
  invalid_event: (said) => CALLS[said] ?? said,
  invalid_argument: (said) => CALLS[said] ?? said,
  event_too_large: (said) => {
    const [size, verb, ...name] = said.split(" ");
    return `${verb} "${name.join(" ").slice(0, 80)}" is ${size} KB and an event may be 32 KB: send less`;
  },
  event_rejected: (said) =>
    `destination ${said} ${/ refused \d+$/.test(said) ? "event(s): its answer says why" : "to a single event, which is given up"}`,
  destination_refused: (id) => `destination "${id}" refuses the write key: check "writeKey" and "url"`,
  destination_gone: () => "stored events were for a destination that the config no longer has: they are given up",
  mapping_failed: (said) => {
    const [id, name] = said.split(": ");
    return `destination ${id}: ${name} could do nothing with a value of an event, which went without it`;
  },
  queue_full: () => "the queue is full and the oldest events were given up: is a destination unreachable?",
  storage_refused: () => "local storage is full or blocked: events are kept in memory until they are delivered",
  journal_torn: () => "a stored page of events was damaged and is given up; the others are not touched",
  data_invalid: () => "data.push takes an object: analytics.data.push({ ecommerce: { … } })",
  data_too_large: () => "the data layer holds at most 1 MB: this push was refused",
  consent_invalid: (said) => `consent.set: ${said || "not an object of purposes: { analytics: true }"}`,
  consent_string: (said) => `a consent string is not relied on: ${said}`,
  waiting_full: () => "too many events wait for consent or plugins: the oldest are given up",
  tags_missed: () => "too much waits for a tag: its oldest firings are given up",
};

/** The message of a problem. */
export const wordsFor = (code: string, said: string): string => WORDS[code]?.(said) ?? said;
