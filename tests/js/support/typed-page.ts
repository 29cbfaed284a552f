// A page typed against the public types; types.test.mjs compiles it.
import "../../../js/global";
import { type Analytics, type Context, load } from "../../../js/tidegate";

const a: Analytics = load({ config: "/tidegate.json" });
load({ config: { version: 1, consent: { purposes: {} } }, wasm: new URL("https://x/y.wasm") });
load({
  config: {
    version: 1,
    variables: [
      { id: "total", kind: "property", path: "total", default: 0, format: { null: "none" } },
      { id: "plan", kind: "lookup", input: "total", rows: [{ is: 1, value: "{{total}}" }] },
    ],
    triggers: [
      {
        id: "buy",
        kind: "event",
        event: "*",
        where: { any: [{ var: "total", op: ">", value: 1 }, { not: { var: "plan", op: "exists" } }] },
        sample: 10,
      },
      { id: "both", kind: "group", of: ["buy"], where: [] },
    ],
    tags: [{ id: "t", template: "custom-html", params: { html: "{{plan}}" }, fireOn: ["both"], fire: "unlimited" }],
  },
});
// @ts-expect-error there is no such operator
load({ config: { version: 1, triggers: [{ id: "a", kind: "error", where: { var: "a", op: "=" } }] } });
// @ts-expect-error a lookup has rows
load({ config: { version: 1, variables: [{ id: "a", kind: "lookup", input: "b" }] } });
// @ts-expect-error a group has triggers
load({ config: { version: 1, triggers: [{ id: "a", kind: "group" }] } });
const c: Promise<Context> = a.track(
  "Order Completed",
  { total: 1 },
  { integrations: { All: false } },
  (ctx) => ctx.event?.messageId,
);
a.track("x", () => {});
a.track("x", null, null);
a.page();
a.page("Home");
a.page("Docs", "Start", { a: 1 });
a.page({ a: 1 });
a.page("Docs", "Start", () => {});
a.page(null, "Start");
a.identify("u", { email: "a" });
a.identify({ email: "a" });
a.identify(null, {});
a.identify(5);
a.identify();
const id: string | null = a.group().id();
a.group("g", { n: 1 });
const t = a.user().traits().email;
a.on("error", ({ code, message, where }) => [code, message, where])
  .once("ready", () => {})
  .off("custom");
a.on("consent", (s) => s.purposes.analytics === "granted");
a.on("mine", (x: number, y: string) => [x, y]);
const off: () => void = a.consent.on((s) => s.rev);
a.consent.set({ analytics: true }, { explicit: false }).status;
a.ready(() => {}).then(() => {});
a.trackLink(document.querySelectorAll("a"), "Clicked", (el) => ({ id: el.id }));
a.trackForm(document.forms[0], (el) => el.id);
a.data.push({ ecommerce: { value: 1 } });
a.stats().perDestination.x?.dropped.denied;
window.analytics?.flush().then(() => {});
a.explain("m")[0]?.because.join();
a.use((self) => self.reset())
  .debug()
  .timeout(10);
// @ts-expect-error a name is needed
a.track();
// @ts-expect-error purposes are true or false
a.consent.set({ analytics: "yes" });
// @ts-expect-error read only
a.state = "ready";
void [c, id, t, off];
