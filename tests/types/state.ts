// Who the visitor is, listeners, elements and the old names, as code typed by Segment uses them.
import type { Analytics, Group, ID, Traits, User } from "@segment/analytics-next";

interface Clicked {
  id: string;
}

/** As jQuery has it. */
interface Found {
  toArray(): HTMLElement[];
}

// biome-ignore lint/complexity/noBannedTypes: as Segment's types have it, where they let functions be of this type.
type Untyped = Function;

export function visitor(a: Analytics): ID[] {
  const user: User = a.user();
  const group: Group = a.group();
  const either: User = group;
  const traits: Traits | undefined = user.traits();
  const email: string | number | null | undefined = user.traits()?.email;
  const name: string | null | undefined = group.traits()?.name;
  user.traits({ email: "a@shop.test", points: 3 });
  user.traits(null);
  group.traits({ name: "Quay" });
  user.identify("u-1", { email: "a@shop.test" });
  user.identify();
  group.identify(null, traits);
  user.logout();
  group.reset();
  const saved: boolean = user.load().save();
  const anonymous: ID = a.setAnonymousId();
  a.setAnonymousId("a-1");
  a.reset();
  const texts: ID[] = [name, saved && typeof email === "string" ? email : null];
  const ids: ID[] = [user.id(), user.id("u-1"), user.id(null), user.anonymousId(), user.anonymousId(null)];
  return [...ids, ...texts, group.id("g-1"), either.anonymousId(), anonymous];
}

export async function listening(a: Analytics, untyped: Untyped): Promise<void> {
  const heard = (event: string, properties: object) => [event, properties];
  a.on("track", heard)
    .on("track", (event, properties, options) => [event, properties, options])
    .on("track", (event) => event.toUpperCase())
    .on("page", (category, name, properties) => [category, name?.length, properties])
    .once("identify", (id, traits, options) => [id, traits, options])
    .on("group", (id) => id)
    .on("alias", (to, from) => [to.length, from])
    .on("screen", () => {})
    .on("reset", () => {})
    .on("error", (problem) => console.warn(problem.code))
    .on("mine", (count: number, name: string) => [count, name])
    .emit("mine", 1, "two")
    .off("track", heard);
  await a.ready();
  await a.ready(() => {});
  await a.ready((done: unknown) => done);
  await a.ready(untyped);
  a.debug(true);
  a.debug(false).debug(true);
  a.timeout(500);
  const used: Analytics = a.use((same) => same.track("Used"));
  const [first] = await used.queryString("?ajs_event=Opened&ajs_prop_a=1");
  console.warn(first?.event.event);
}

export async function elements(a: Analytics, found: Found, untyped: Untyped): Promise<Analytics> {
  const link = document.querySelector("a");
  const links = [...document.links];
  const form = document.querySelector("form");
  const clicked: Clicked = { id: "a" };
  await a.trackLink(link, "Clicked");
  await a.trackLink(links, "Clicked", clicked);
  await a.trackLink(links, "Clicked", { a: 1 }, { integrations: { All: false } });
  await a.trackLink(
    found,
    (element: HTMLAnchorElement) => element.href,
    (element: Element) => ({ id: element.id }),
  );
  await a.trackClick(null, "Clicked");
  await a.trackClick(links, untyped, untyped);
  await a.trackForm(form, "Sent", (element: HTMLFormElement) => ({ action: element.action }));
  await a.trackForm([...document.forms], untyped, clicked, { context: { ip: "0.0.0.0" } });
  return a.trackSubmit(null, "Sent");
}

export async function old(a: Analytics): Promise<string[]> {
  const same: Analytics[] = [
    await a.initialize(),
    await a.initialize({ writeKey: "demo" }, { initialPageview: true }),
    await a.init({ writeKey: "demo" }),
    await a.pageview("/cart"),
    a.noConflict(),
  ];
  const { type } = a.normalize({ type: "track", event: "A" });
  const names = [...Object.keys(a.plugins), ...Object.keys(a.Integrations), ...a.failedInitializations];
  return [...names, a.VERSION, type, `${same.length}`, ...[a.log, a.add, a.addIntegration, a.listeners].map(String)];
}
