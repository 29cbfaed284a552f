import type { Core, Identity } from "../core";
import { erase } from "../erase";
import type { Group, User } from "../tidegate.d.ts";
import type { Kit, Methods } from "./kit";

/** What the core calls the members of one of the two it knows. */
type Names = Record<keyof Identity, string>;

const USER: Names = { id: "id", anonymousId: "anonymousId", traits: "traits" };
const GROUP: Names = { id: "groupId", anonymousId: "", traits: "groupTraits" };

/** Reads what the core knows each time it is asked; sets what it is given. */
function facade(kit: Kit, names: Names, read: (core: Core) => Identity, identify: (core: Core, args: string) => void) {
  const { link } = kit;
  const member =
    <K extends keyof Identity>(key: K, neutral: NonNullable<Identity[K]> | null) =>
    (value?: unknown) => {
      if (value !== undefined) set({ [names[key]]: value });
      return link.ask(read, {} as Identity)[key] ?? neutral;
    };
  const set = (given: Record<string, unknown>) => {
    const text = kit.json("user", given);
    link.run((core) => core.identity(text));
  };
  const reset = () => set({ [names.id]: null, [names.anonymousId]: null, [names.traits]: {} });
  return {
    id: member("id", null),
    anonymousId: member("anonymousId", null),
    traits: member("traits", {}),
    identify(...args: unknown[]) {
      const text = kit.text("identify", args);
      link.run((core) => identify(core, text));
    },
    logout: reset,
    reset,
    load() {
      return this;
    },
    save: () => true,
  };
}

export const groupFacade = (kit: Kit) =>
  facade(
    kit,
    GROUP,
    (core) => core.group(),
    (core, args) => core.identifyGroup(args),
  ) as Group;

/** Who the visitor is. */
export function identityMethods(kit: Kit): Methods {
  const { link } = kit;
  const user = facade(
    kit,
    USER,
    (core) => core.user(),
    (core, args) => core.identifyUser(args),
  ) as User;
  return {
    user: () => user,
    setAnonymousId(id) {
      if (!/string|number|undefined/.test(typeof (id ?? undefined))) throw new TypeError("the id must be a text");
      return user.anonymousId(id == null ? id : String(id));
    },
    reset() {
      link.run((core) => core.reset());
      kit.emitter.emit("reset");
    },
    forget() {
      link.run((core) => core.forget());
      if (link.state() !== "ready") erase(kit.space);
    },
  };
}
