/** The page, the campaign and the browser, as each event tells of them. */

/** @type {import("./index.mjs").Case[]} */
export const context = [
  { title: "context: a query", path: "/shop/list?sort=new&q=a%20b", run: (a) => a.track("A") },
  { title: "context: a fragment", path: "/shop#top", run: (a) => a.page() },
  {
    title: "context: a campaign",
    path: "/shop?utm_source=news&utm_medium=mail&utm_campaign=spring&utm_term=t&utm_content=c",
    run: (a) => a.track("A"),
  },
  { title: "context: a campaign with spaces", path: "/shop?utm_campaign=big%20spring+sale", run: (a) => a.track("A") },
  { title: "context: a campaign of other names", path: "/shop?utm_id=7&utm_own=x", run: (a) => a.track("A") },
  { title: "context: a campaign without a value", path: "/shop?utm_source&utm_medium=", run: (a) => a.track("A") },
  { title: "context: a campaign of page()", path: "/shop?utm_source=news", run: (a) => a.page("Home") },
  { title: "context: an ad network", path: "/shop?btid=click-1", run: (a) => a.track("A") },
  { title: "context: another ad network", path: "/shop?x=1&urid=click%202", run: (a) => a.page() },
  { title: "context: a query that is no campaign", path: "/shop?utm=1&x=utm_source", run: (a) => a.track("A") },
  { title: "context: a campaign with a broken escape", path: "/shop?utm_source=%E0%A4%A", run: (a) => a.track("A") },
  {
    title: "context: a campaign of names that contain utm_",
    path: "/shop?my_utm_source=x",
    run: (a) => a.track("A"),
    why: "analytics.js cuts four letters off whatever contains utm_",
    instead: (events) => events.map((event) => ({ ...event, context: { ...event.context, campaign: {} } })),
  },
  {
    title: "context: a canonical address",
    head: '<link rel="canonical" href="http://canon.example/p/1">',
    path: "/shop?x=1",
    run: (a) => a.page(),
  },
  {
    title: "context: a canonical address with a query",
    head: '<link rel="canonical" href="http://canon.example/p/1?c=2">',
    path: "/shop?x=1",
    run: (a) => a.track("A"),
  },
  {
    title: "context: a canonical path",
    head: '<link rel="canonical" href="/p/1">',
    path: "/shop?x=1",
    run: (a) => a.page(),
  },
  {
    title: "context: the page at the call",
    events: 2,
    run: async (a) => {
      await a.track("First");
      history.pushState(null, "", `${location.pathname}/next?step=2`);
      document.title = "Next";
      await a.page();
    },
  },
  {
    title: "context: an accelerated page's visitor",
    run: (a) => {
      // biome-ignore lint/suspicious/noDocumentCookie: as such pages write it.
      document.cookie = "_ga=amp-visitor; path=/";
      return a.track("A");
    },
    why: "analytics.js reads another vendor's cookie",
    instead: (events) =>
      events.map(({ context: { amp, ...context }, ...event }) => {
        if (!amp) throw new Error("analytics.js no longer reads it");
        return { ...event, context };
      }),
  },
];
