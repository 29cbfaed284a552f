import { el } from "../dom.js";

const MINUTE_MS = 60_000;

/** How many events came, how many of them lately, from how many visitors. */
export function createCounters(container) {
  let total = 0;
  let arrivals = [];
  let visitors = new Set();

  function draw() {
    const since = Date.now() - MINUTE_MS;
    arrivals = arrivals.filter((time) => time > since);
    const pairs = [
      [total === 1 ? "event" : "events", total],
      ["last minute", arrivals.length],
      [visitors.size === 1 ? "visitor" : "visitors", visitors.size],
    ];
    container.replaceChildren(...pairs.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
  }
  setInterval(draw, 1000);
  draw();

  return {
    add(events) {
      total += events.length;
      for (const { receivedAt, anonymousId, userId } of events) {
        arrivals.push(Date.parse(receivedAt));
        const visitor = anonymousId ?? userId;
        if (visitor) visitors.add(visitor);
      }
      draw();
    },
    clear() {
      total = 0;
      arrivals = [];
      visitors = new Set();
      draw();
    },
  };
}
