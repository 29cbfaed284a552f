const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** The time of day, to the millisecond; a dash where there is none. */
export function timeOfDay(iso) {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? "–" : clock.format(time);
}

/** A span of milliseconds in the unit that reads best. */
export function span(ms) {
  if (!Number.isFinite(ms)) return "–";
  if (Math.abs(ms) < 1000) return `${Math.round(ms)} ms`;
  if (Math.abs(ms) < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** What an event is called: a track's event, a page's name, else who or what it is about. */
export function eventName(event) {
  const named = event.event ?? event.name ?? event.userId ?? event.groupId;
  if (named) return String(named);
  if (event.error) return "unreadable";
  return event.type === "identify" ? "traits only" : "no name";
}
