/** What the page's address says of the visitor. */

/** @type {import("./index.mjs").Case[]} */
export const query = [
  { title: "query: a user", path: "/shop?ajs_uid=u-1" },
  { title: "query: a user with traits", path: "/shop?ajs_uid=u-1&ajs_trait_plan=sea%20view&ajs_trait_age=7" },
  { title: "query: traits without a user", path: "/shop?ajs_trait_plan=sea", run: (a) => a.track("A") },
  { title: "query: an anonymous visitor", path: "/shop?ajs_aid=anon-own", run: (a) => a.track("A") },
  { title: "query: an event", path: "/shop?ajs_event=Came+by+mail" },
  { title: "query: an event with properties", path: "/shop?ajs_event=Came&ajs_prop_from=mail&ajs_prop_n=1" },
  {
    title: "query: all of it",
    path: "/shop?ajs_uid=u-1&ajs_aid=anon-own&ajs_event=Came&ajs_prop_n=1&ajs_trait_plan=sea&utm_source=news",
    events: 2,
  },
  { title: "query: before what the page called", path: "/shop?ajs_uid=u-1", events: 2, early: (a) => a.track("A") },
  { title: "query: the user goes on", path: "/shop?ajs_uid=u-1", events: 2, run: (a) => a.track("A") },
  { title: "query: an empty user", path: "/shop?ajs_uid=", run: (a) => a.track("A") },
  { title: "query: a broken escape", path: "/shop?ajs_uid=%E0%A4%A" },
  { title: "query: twice the same", path: "/shop?ajs_uid=u-1&ajs_uid=u-2" },
  { title: "query: a value with an equals sign", path: "/shop?ajs_uid=a=b" },
  { title: "query: in the fragment", path: "/shop#/route?ajs_uid=u-1" },
  {
    title: "query: in the fragment, beside a query",
    path: "/shop?x=1#/route?ajs_uid=u-1",
    run: (a) => a.track("A"),
  },
  {
    title: "query: by call",
    events: 2,
    run: (a) => a.queryString("?ajs_uid=u-1&ajs_trait_plan=sea&ajs_event=Came&ajs_prop_n=1"),
  },
  {
    title: "query: by call, an anonymous visitor",
    run: async (a) => [await a.queryString("?ajs_aid=own"), a.track("A")],
  },
];
