/** The npm module: `AnalyticsBrowser`, loaded at once or later. */

/** @type {import("./index.mjs").Case[]} */
export const npm = [
  {
    title: "npm: loaded at once",
    events: 2,
    npm: (AnalyticsBrowser, settings) => {
      const analytics = AnalyticsBrowser.load(settings);
      analytics.track("A", { n: 1 });
      return analytics;
    },
    run: (a) => a.page("Home"),
  },
  {
    title: "npm: loaded later",
    events: 3,
    npm: (AnalyticsBrowser, settings) => {
      const analytics = new AnalyticsBrowser();
      analytics.track("A", { n: 1 });
      analytics.page();
      setTimeout(() => analytics.load(settings), 50);
      return analytics;
    },
    run: (a) => a.track("Late"),
  },
  {
    title: "npm: loaded later, the page at the call",
    npm: (AnalyticsBrowser, settings) => {
      const analytics = new AnalyticsBrowser();
      const here = location.href;
      history.pushState(null, "", `${location.pathname}/early?step=1`);
      document.title = "Early";
      analytics.track("A");
      history.pushState(null, "", here);
      document.title = "Late";
      return analytics.load(settings);
    },
  },
  {
    title: "npm: loaded later, middleware and plugins see what came before them",
    events: 2,
    npm: (AnalyticsBrowser, settings) => {
      const analytics = new AnalyticsBrowser();
      analytics.track("A", { n: 1 });
      analytics.page();
      analytics.addSourceMiddleware((/** @type {any} */ { payload, next }) => {
        payload.obj.context.seen = true;
        next(payload);
      });
      analytics.register({
        name: "Own",
        type: "enrichment",
        version: "1",
        isLoaded: () => true,
        load: () => Promise.resolve(),
        track(/** @type {any} */ ctx) {
          ctx.event.properties.added = true;
          return ctx;
        },
      });
      return analytics.load(settings);
    },
  },
  {
    title: "npm: loaded later, with a page view of its own",
    npm: (AnalyticsBrowser, settings) => new AnalyticsBrowser().load(settings, { initialPageview: true }),
  },
  {
    title: "npm: loaded later, integrations",
    events: 0,
    ends: false,
    npm: (AnalyticsBrowser, settings) => {
      const analytics = new AnalyticsBrowser();
      analytics.track("A");
      return analytics.load(settings, { integrations: { "Segment.io": false } });
    },
  },
  {
    title: "npm: loaded twice is loaded once",
    npm: (AnalyticsBrowser, settings) => {
      const analytics = new AnalyticsBrowser();
      analytics.track("A");
      analytics.load(settings);
      return analytics.load(settings);
    },
  },
  {
    title: "npm: what is promised before it is loaded",
    events: 2,
    npm: (AnalyticsBrowser, settings) => {
      const analytics = new AnalyticsBrowser();
      const told = [
        analytics.identify("u-1", { plan: "sea" }).then((/** @type {any} */ ctx) => ctx.event.userId),
        analytics.user().then((/** @type {any} */ user) => typeof user.id),
        analytics.group().then((/** @type {any} */ group) => typeof group.traits),
        analytics.addSourceMiddleware((/** @type {any} */ { payload, next }) => next(payload)).then(() => "added"),
        analytics.ready().then(() => "ready"),
        analytics.then(([instance]) => instance === analytics.instance),
        analytics.catch(() => {}).then(([instance]) => typeof instance.track),
        analytics.finally(() => {}).then(([instance]) => typeof instance.then),
        analytics.on("track", () => {}) === analytics,
        analytics.instance === undefined,
        analytics instanceof AnalyticsBrowser,
        analytics.load(settings) === analytics,
      ];
      Promise.all(told).then((all) => analytics.track("Told", { all }));
      return analytics;
    },
  },
  {
    title: "npm: a listener and a callback from before it is loaded",
    events: 3,
    npm: (AnalyticsBrowser, settings) => {
      const analytics = new AnalyticsBrowser();
      analytics.on("track", (/** @type {string} */ name, /** @type {any} */ properties) => {
        if (name === "A") analytics.track("Heard", properties);
      });
      analytics.track("A", { n: 1 }, {}, () => analytics.track("Called back"));
      return analytics.load(settings);
    },
    // analytics.js calls back a little later.
    run: (_, sleep) => sleep(600),
  },
  {
    title: "npm: a method taken from it before it is loaded",
    events: 2,
    npm: (AnalyticsBrowser, settings) => {
      const analytics = new AnalyticsBrowser();
      const { track } = analytics;
      track("A");
      analytics.load(settings);
      analytics.ready(() => track("B"));
      return analytics;
    },
  },
];
