// What Segment's types forbid, ours forbid too: each line that follows a mark has to be an error.
import type { Analytics, Context, Plugin, SegmentEvent } from "@segment/analytics-next";

declare const a: Analytics;
declare const ctx: Context;
declare const plugin: Plugin;

// @ts-expect-error an event needs a name
a.track();
// @ts-expect-error and no null for one
a.track(null);
// @ts-expect-error a name is a text
a.track(5);
// @ts-expect-error an event as an object says its type
a.track({ event: "A" });
// @ts-expect-error properties are an object
a.track("A", "b");
// @ts-expect-error the callback comes last
a.track("A", {}, () => {}, {});
// @ts-expect-error five are one too many
a.track("A", {}, {}, () => {}, 1);
// @ts-expect-error a timestamp is none of these
a.track("A", {}, { timestamp: true });
// @ts-expect-error a destination is on, off or has settings
a.track("A", {}, { integrations: { collector: "yes" } });
// @ts-expect-error context is an object
a.track("A", {}, { context: "ip" });
// @ts-expect-error an identifier is a text
a.track("A", {}, { anonymousId: 1 });
// @ts-expect-error a context has no such member
a.track("A", (done) => done.nothing);

// @ts-expect-error a name is a text
a.page(1);
// @ts-expect-error properties are an object
a.page("Docs", "Home", 1);
// @ts-expect-error options are an object
a.page("Docs", "Home", {}, "options");
// @ts-expect-error a callback is a function
a.screen("Docs", "Home", {}, {}, {});

// @ts-expect-error an identifier is a text
a.identify(true);
// @ts-expect-error traits are an object
a.identify("u-1", "traits");
// @ts-expect-error a known trait has its type
a.identify("u-1", { email: 5 });
// @ts-expect-error a known trait has its type
a.group("g-1", { employees: true });
// @ts-expect-error an identifier is a text
a.group(false);

// @ts-expect-error an alias needs the new identifier
a.alias();
// @ts-expect-error and no null for one
a.alias(null);
// @ts-expect-error an identifier is a text or number
a.alias("u-2", true);

// @ts-expect-error an identifier is a text
a.setAnonymousId(1);
// @ts-expect-error a number of milliseconds
a.timeout("500");
// @ts-expect-error a listener is a function
a.on("track", "listener");
// @ts-expect-error a plugin of the old kind is a function
a.use({});
// @ts-expect-error a query is a text
a.queryString(1);
// @ts-expect-error elements, not a selector
a.trackLink("a.link", "Clicked");
// @ts-expect-error a name or how to find one
a.trackForm(null, 5);
// @ts-expect-error no method of this name
a.trak("A");

// @ts-expect-error there is no such type of plugin
a.register({ ...plugin, type: "source" });
// @ts-expect-error a plugin needs its type, and more
a.register({ name: "x" });
// @ts-expect-error a name is not a plugin
a.register("x");
// @ts-expect-error loading is asynchronous
a.register({ ...plugin, load: () => true });
// @ts-expect-error a hook returns the context
a.register({ ...plugin, track: () => {} });
// @ts-expect-error a plugin is named, not given
a.deregister(plugin);
// @ts-expect-error middleware is a function
a.addSourceMiddleware({});
// @ts-expect-error the payload goes on, not the event
a.addSourceMiddleware(({ payload, next }) => next(payload.obj));
// @ts-expect-error a facade has no such getter
a.addSourceMiddleware(({ payload }) => payload.nothing());
// @ts-expect-error destination middleware says which destination
a.addDestinationMiddleware(() => {});

// @ts-expect-error there is no such type of event
const event: SegmentEvent = { type: "click" };
// @ts-expect-error an event has its type
ctx.event = { event: "A" };
// @ts-expect-error there is no such level
ctx.log("fatal", "gone");
// @ts-expect-error an identifier stays
ctx.id = "c-1";
// @ts-expect-error a value is needed
ctx.updateEvent("properties.total");
// @ts-expect-error a number is needed
ctx.stats.gauge("size");

// @ts-expect-error read only
a.VERSION = "2";
// @ts-expect-error a page is given by its URL
a.pageview();
// @ts-expect-error an event, not its name
a.normalize("A");
// @ts-expect-error these do nothing, and are not to be called
a.log();
// @ts-expect-error likewise
a.add();
// @ts-expect-error likewise
a.addIntegration();
// @ts-expect-error likewise
a.addIntegrationMiddleware();
// @ts-expect-error likewise
a.listeners();
// @ts-expect-error likewise
a.addEventListener();
// @ts-expect-error likewise
a.removeAllListeners();
// @ts-expect-error likewise
a.removeListener();
// @ts-expect-error likewise
a.removeEventListener();
// @ts-expect-error likewise
a.hasListeners();

void event;
