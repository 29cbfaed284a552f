/** What two SDKs cannot have in common, taken out of what they delivered. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-7][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const OWN_MESSAGE_ID = /^ajs-next-\d+-/;
/** Milliseconds around the present that count as now. */
const RECENT = 10 * 60_000;

/** @param {unknown} value @param {(text: string) => string} change @returns {any} every text in it changed */
function texts(value, change) {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => texts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, texts(member, change)]));
}

/** @param {unknown} value @returns {any} with the keys of every object in order */
function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, ordered(member)]),
  );
}

/**
 * @param {any[]} events as delivered
 * @param {string} origin
 * @returns {any[]} without identifiers, times, and what names the SDK
 */
export function normal(events, origin) {
  /** @type {string[]} */
  const anonymous = [];
  const anonymousId = (/** @type {unknown} */ id) => {
    if (typeof id !== "string" || !UUID.test(id)) return id;
    if (!anonymous.includes(id)) anonymous.push(id);
    return `anonymous ${anonymous.indexOf(id) + 1}`;
  };
  const time = (/** @type {string} */ text) => (Math.abs(Date.parse(text) - Date.now()) < RECENT ? "now" : text);
  return events.map((event) => {
    const { sentAt, writeKey, _metadata, messageId, timestamp, context, ...rest } = texts(event, (text) =>
      text.replaceAll(origin, "http://site").replace(/\/visit-\d+(?=\/)/g, ""),
    );
    const { library, consent, tidegate, ...own } = context ?? {};
    const named = messageId && !UUID.test(messageId) && !OWN_MESSAGE_ID.test(messageId);
    return ordered({
      ...rest,
      ...(named && { messageId }),
      ...("anonymousId" in rest && { anonymousId: anonymousId(rest.anonymousId) }),
      ...("previousId" in rest && { previousId: anonymousId(rest.previousId) }),
      timestamp: time(timestamp),
      context: {
        ...own,
        ...(library && library.name !== "analytics.js" && library.name !== "tidegate" && { library }),
      },
    });
  });
}
