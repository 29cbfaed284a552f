// A project's wrapper around Segment's event verbs, in every form their types allow. tests/js/types.test.mjs compiles
// it against Segment's types and against ours.
import {
  type Analytics,
  AnalyticsBrowser,
  type Callback,
  type Context,
  type EventProperties,
  type GroupTraits,
  type Options,
  type SegmentEvent,
  type Traits,
  type UserTraits,
} from "@segment/analytics-next";

/** Interfaces have no index signature, which is where a type without `any` is easily too narrow. */
interface Order {
  order_id: string;
  total: number;
  products: { sku: string }[];
}
interface Profile {
  email: string;
  createdAt: Date;
  loyalty: { points: number };
}
interface Company {
  name: string;
  employees: number;
}
interface Sending {
  integrations: { All: boolean; collector: { [key: string]: unknown } };
  anonymousId: string;
}

declare const order: Order;
declare const profile: Profile;
declare const company: Company;
declare const sending: Sending;

const properties: EventProperties = { total: 42, products: [{ sku: "x" }], coupon: null };
const userTraits: UserTraits = { email: "a@shop.test", age: 40, address: { city: "Hull" }, loyalty: 3 };
const groupTraits: GroupTraits = { name: "Quay", employees: "10-50", tier: { level: 2 } };
const traits: Traits = userTraits;
const options: Options = {
  integrations: { All: false, collector: true, Mixpanel: { groups: ["a"] }, Other: undefined },
  context: {
    ip: "0.0.0.0",
    active: false,
    page: { url: "https://shop.test/", title: undefined },
    campaign: { name: "spring", source: "mail", medium: "email", id: "7" },
    traits: { email: "a@shop.test" },
    anything: { nested: [1, 2] },
  },
  timestamp: new Date(),
  anonymousId: "a-1",
  userId: "u-1",
  messageId: "m-1",
  traits: { plan: "sea" },
  further: 1,
};
const callback: Callback = (ctx) => ctx.event.messageId;
const slow: Callback = async (ctx) => {
  await Promise.resolve(ctx.event.type);
};
const typed = (ctx: Context): void => ctx.log("info", ctx.id, { type: ctx.event.type });

export async function track(a: Analytics): Promise<Context> {
  const event: SegmentEvent = { type: "track", event: "Order Completed", properties };
  await a.track("Order Completed");
  await a.track("Order Completed", properties);
  await a.track("Order Completed", order);
  await a.track("Order Completed", order, options);
  await a.track("Order Completed", order, sending);
  await a.track("Order Completed", {}, { timestamp: "2026-01-01T00:00:00.000Z" });
  await a.track("Order Completed", properties, options, callback);
  await a.track("Order Completed", (ctx) => ctx.event.properties);
  await a.track("Order Completed", properties, (ctx) => ctx.event.event?.length);
  await a.track("Order Completed", undefined, undefined, slow);
  await a.track("Order Completed", typed);
  await a.track(event);
  await a.track(event, options);
  await a.track(event, options, typed);
  return a.track("Order Completed", order, options, typed);
}

export async function pages(a: Analytics): Promise<void> {
  for (const verb of [a.page, a.screen]) {
    await verb();
    await verb("Home");
    await verb("Home", order);
    await verb("Home", properties, options);
    await verb("Home", properties, options, callback);
    await verb("Home", (ctx: Context) => ctx.event.name);
    await verb("Docs", "Home");
    await verb("Docs", "Home", order);
    await verb("Docs", "Home", properties, options);
    await verb("Docs", "Home", properties, options, callback);
    await verb("Docs", "Home", properties, (ctx) => ctx.event.category);
    await verb("Docs", "Home", (ctx) => ctx.event.context?.page?.url);
    await verb(null, "Home");
    await verb(null, null, properties);
    await verb(null, null, null, options);
    await verb(undefined, undefined, undefined, undefined, typed);
    await verb(order);
    await verb(properties, options);
    await verb(properties, options, callback);
    await verb(typed);
  }
}

export async function identify(a: Analytics): Promise<void> {
  await a.identify();
  await a.identify("u-1");
  await a.identify("u-1", userTraits);
  await a.identify("u-1", traits);
  await a.identify("u-1", profile);
  await a.identify("u-1", {
    email: null,
    birthday: "1990-01-01",
    company: { name: "Quay", employee_count: 3 },
    extra: [1],
  });
  await a.identify("u-1", profile, options);
  await a.identify("u-1", profile, sending, callback);
  await a.identify("u-1", (ctx) => ctx.event.traits?.email);
  await a.identify("u-1", profile, (ctx) => ctx.event.userId);
  await a.identify("u-1", null, options);
  await a.identify(null, profile);
  await a.identify(undefined, profile, options, typed);
  await a.identify(profile);
  await a.identify(profile, options);
  await a.identify({ email: "a@shop.test" }, options, typed);
  await a.identify(a.user().id(), a.user().traits());
}

export async function group(a: Analytics): Promise<void> {
  await a.group("g-1");
  await a.group("g-1", groupTraits);
  await a.group("g-1", company);
  await a.group("g-1", company, options);
  await a.group("g-1", company, sending, callback);
  await a.group("g-1", (ctx) => ctx.event.groupId);
  await a.group("g-1", { industry: "ports", berths: 9 }, (ctx) => ctx.event.traits?.name);
  await a.group("g-1", null, options);
  await a.group(null, company);
  await a.group(company, options, typed);
}

export async function alias(a: Analytics): Promise<void> {
  await a.alias("u-2");
  await a.alias(2);
  await a.alias("u-2", "u-1");
  await a.alias(2, 1, options);
  await a.alias("u-2", "u-1", options, callback);
  await a.alias("u-2", "u-1", (ctx) => ctx.event.previousId);
  await a.alias("u-2", options);
  await a.alias("u-2", undefined, sending, typed);
}

/** The signatures as a wrapper borrows them. */
export function wrapped(a: Analytics) {
  return {
    track: (...args: Parameters<Analytics["track"]>) => a.track(...args),
    page: (...args: Parameters<Analytics["page"]>) => a.page(...args),
    screen: (...args: Parameters<Analytics["screen"]>) => a.screen(...args),
    identify: (...args: Parameters<Analytics["identify"]>) => a.identify(...args),
    group: (...args: Parameters<Analytics["group"]>) => a.group(...args),
    alias: (...args: Parameters<Analytics["alias"]>) => a.alias(...args),
  };
}

/** Before loading: whatever is read has to be awaited. */
export async function browser(b: AnalyticsBrowser): Promise<string | null | undefined> {
  const sent: Context = await b.track("Order Completed", order, options, typed);
  await b.page("Docs", "Home", properties, options, callback);
  await b.screen("Home");
  await b.identify("u-1", profile, (ctx) => ctx.event.userId);
  await b.group("g-1", company);
  await b.alias("u-2", "u-1");
  await b.reset();
  await b.ready(() => {});
  await b.deregister("one");
  b.on("track", () => {}).once("page", () => {});
  b.debug(true);
  const company_id = (await b.group()).id();
  const known = [sent.event.messageId, await b.setAnonymousId("a-1"), company_id];
  return known[0] ?? (await b.user()).anonymousId();
}

/** Loading: used at once, and awaited for the loaded one. */
export async function loaded(): Promise<string> {
  const browser = AnalyticsBrowser.load({ writeKey: "key" }, { integrations: { All: false }, initialPageview: true });
  browser.track("Early");
  const [analytics] = await browser;
  const { event } = await analytics.track("Late");
  return event.type;
}

/** Loading later: what is called before is kept. */
export async function later(): Promise<(string | undefined)[]> {
  const browser = new AnalyticsBrowser();
  browser.track("Early");
  browser.addSourceMiddleware(({ payload, next }) => next(payload));
  const same: AnalyticsBrowser = browser.load({ writeKey: "key" }, { initialPageview: true });
  const first = await same.then(
    ([analytics]) => analytics.VERSION,
    () => undefined,
  );
  const caught = await browser.catch((error: unknown) => String(error));
  const [analytics] = await browser.finally(() => {});
  const alone: Analytics = await AnalyticsBrowser.standalone("key", { initialPageview: true });
  await AnalyticsBrowser.standalone("key");
  const known: Analytics | undefined = browser.instance;
  return [first, String(caught), analytics.VERSION, alone.VERSION, known?.VERSION];
}
