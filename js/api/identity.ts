import type { Group, User } from "../tidegate.d.ts";
import type { Kit, Methods } from "./kit";

export function groupFacade({ link }: Kit): Group {
  const read = () => JSON.parse(link.ask((core) => core.group(), "{}"));
  return { id: () => read().id ?? null, traits: () => read().traits ?? {} };
}

function userFacade({ link }: Kit): User {
  const read = () => JSON.parse(link.ask((core) => core.user(), "{}"));
  return {
    id: () => read().id ?? null,
    anonymousId: () => read().anonymousId ?? null,
    traits: () => read().traits ?? {},
  };
}

/** Who the visitor is. */
export function identityMethods(kit: Kit): Methods {
  const { link } = kit;
  const user = userFacade(kit);
  return {
    user: () => user,
    setAnonymousId(id) {
      if (typeof id !== "string" && typeof id !== "number") throw new TypeError("the id must be a text");
      link.run((core) => core.setAnonymousId(String(id)));
      return user.anonymousId();
    },
    reset: () => link.run((core) => core.reset()),
    forget: () => link.run((core) => core.forget()),
  };
}
