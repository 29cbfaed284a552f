import type { Core, Identity } from "../core";
import { erase } from "../erase";
import type { Group, User } from "../tidegate.d.ts";
import type { Kit, Methods } from "./kit";

/** Reads what the core knows each time it is asked. */
function facade(read: (core: Core) => Identity, { link }: Kit): User {
  const known = () => link.ask(read, {});
  return {
    id: () => known().id ?? null,
    anonymousId: () => known().anonymousId ?? null,
    traits: () => known().traits ?? {},
  };
}

export function groupFacade(kit: Kit): Group {
  const { id, traits } = facade((core) => core.group(), kit);
  return { id, traits };
}

/** Who the visitor is. */
export function identityMethods(kit: Kit): Methods {
  const { link } = kit;
  const user = facade((core) => core.user(), kit);
  return {
    user: () => user,
    setAnonymousId(id) {
      if (!/string|number/.test(typeof id)) throw new TypeError("the id must be a text");
      link.run((core) => core.setAnonymousId(String(id)));
      return user.anonymousId();
    },
    reset: () => link.run((core) => core.reset()),
    forget: () =>
      link.run(
        (core) => core.forget(),
        () => link.state() === "failed" && erase(),
      ),
  };
}
