/** Calls made before the SDK arrives. */

/** analytics.js replays by kind of call, each with the identity and the time of the replay. */
const REGROUPED = "analytics.js replays by method: order, identity and time are those of the replay";

/** @type {import("./index.mjs").Case[]} */
export const early = [
  { title: "early: track", early: (a) => a.track("A", { n: 1 }) },
  { title: "early: page", early: (a) => a.page("Home", { n: 1 }) },
  { title: "early: identify", early: (a) => a.identify("u-1", { plan: "sea" }) },
  { title: "early: group", early: (a) => a.group("g-1", { name: "Quay" }) },
  { title: "early: alias", early: (a) => a.alias("u-2", "u-1") },
  { title: "early: screen", early: (a) => a.screen("Home") },
  { title: "early: an object", early: (a) => a.track({ event: "A", properties: { n: 1 } }) },
  { title: "early: a callback", early: (a) => a.track("A", () => {}) },
  { title: "early: identify, then track", events: 2, early: (a) => [a.identify("u-1"), a.track("A")] },
  {
    title: "early: the page at the call",
    early: (a) => {
      const here = location.href;
      history.pushState(null, "", `${location.pathname}/early?step=1`);
      document.title = "Early";
      a.track("A");
      history.pushState(null, "", here);
      document.title = "Late";
    },
  },
  { title: "early: a campaign", path: "/shop?utm_source=news", early: (a) => a.page() },
  { title: "early: setAnonymousId", early: (a) => [a.setAnonymousId("anon-own"), a.track("A")] },
  {
    title: "early: reset",
    events: 2,
    early: (a) => [a.identify("u-1"), a.reset(), a.track("A")],
    why: REGROUPED,
    instead: (events) =>
      events.map((event) => ({
        ...event,
        anonymousId: event.type === "identify" ? "anonymous 1" : "anonymous 2",
        userId: event.type === "identify" ? "u-1" : null,
      })),
  },
  { title: "early: ready", early: (a) => a.ready(() => a.track("Ready")) },
  {
    title: "early: a listener",
    events: 2,
    early: (a) => {
      a.on("track", (/** @type {string} */ name, /** @type {any} */ properties) => {
        if (name === "A") a.track("Heard", { name, properties });
      });
      a.track("A", { n: 1 });
    },
  },
  {
    title: "early: track, page, identify, track",
    why: REGROUPED,
    events: 4,
    inOrder: true,
    early: (a) => [a.track("A"), a.page(), a.identify("u-1"), a.track("B")],
    instead: (events) => {
      const named = (/** @type {string} */ name) => events.find((event) => event.event === name);
      const typed = (/** @type {string} */ type) => events.find((event) => event.type === type);
      const before = (/** @type {any} */ event) => ({ ...event, userId: null });
      return [before(named("A")), before(typed("page")), typed("identify"), named("B")];
    },
  },
  { title: "early and late: both arrive", events: 2, early: (a) => a.track("Early"), run: (a) => a.track("Late") },
  {
    title: "early: a method kept from the stub works later",
    early: (a) => {
      /** @type {any} */ (window).kept = a.track;
    },
    run: () => /** @type {any} */ (window).kept("Kept", { n: 1 }),
  },
];
