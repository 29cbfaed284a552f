const POLL_MS = 700;
const RETRY_MS = 3000;
const FIRST = 50;
const MORE = 500;

/**
 * Follows the collector's events: the newest ones first, then whatever comes.
 * @param {object} on
 * @param {(events: object[], fresh: boolean) => void} on.events oldest first; `fresh` is false for those that were there already
 * @param {(state: { ok: boolean, text?: string }) => void} on.state the connection, after every answer
 * @param {() => void} on.restart the store has been replaced: what was shown is gone
 */
export async function follow(on) {
  let after = null;
  let lost = false;
  for (;;) {
    try {
      if (lost && after !== null && (await newest()) < after) {
        after = null;
        on.restart();
      }
      const first = after === null;
      const events = await read(first ? `limit=${FIRST}` : `limit=${MORE}&after=${after}`);
      after = events.at(-1)?.id ?? after ?? 0;
      lost = false;
      on.state({ ok: true });
      if (events.length > 0) on.events(events, !first);
    } catch (error) {
      lost = true;
      on.state({ ok: false, text: error.message });
    }
    await new Promise((done) => setTimeout(done, lost ? RETRY_MS : POLL_MS));
  }
}

async function newest() {
  const events = await read("limit=1");
  return events.at(-1)?.id ?? 0;
}

async function read(query) {
  const response = await fetch(`/api/events?${query}`, { cache: "no-store" }).catch(() => {
    throw new Error("The collector does not answer. Is it still running?");
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The collector refused (${response.status}): ${text.slice(0, 200)}`);
  return text.split("\n").filter(Boolean).map(parse);
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { error: `not JSON: ${line.slice(0, 80)}` };
  }
}
