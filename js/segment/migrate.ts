import { readCookie, setCookie } from "../cookies";

/** Under which names analytics.js keeps what. */
const KEYS = {
  anonymousId: "ajs_anonymous_id",
  userId: "ajs_user_id",
  traits: "ajs_user_traits",
  groupId: "ajs_group_id",
  groupTraits: "ajs_group_properties",
} as const;

/**
 * What analytics.js stored of the visitor, as the core stores it: from local storage, else from cookies; nothing where there is
 * nothing. Texts may be JSON or bare, as its versions differ.
 */
export function storedBySegment(): Record<string, unknown> | undefined {
  const found: Record<string, unknown> = {};
  for (const [member, key] of Object.entries(KEYS)) {
    const value = parsed(inStorage(key)) ?? parsed(inCookies(key));
    const fits = /raits/.test(member)
      ? typeof value === "object" && !Array.isArray(value)
      : /string|number/.test(typeof value);
    if (value && fits) found[member] = typeof value === "number" ? String(value) : value;
  }
  return Object.keys(found).length > 0 ? { v: 1, ...found } : undefined;
}

function inStorage(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function inCookies(key: string): string | null {
  try {
    const value = readCookie(key);
    return value ? decodeURIComponent(value) : null;
  } catch {
    return null;
  }
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return text;
  }
}

/** Deletes all of it, once the visitor takes back what let it be taken over. */
export function eraseSegment(): void {
  for (const key of Object.values(KEYS)) {
    setCookie(key, "", 0);
    try {
      localStorage.removeItem(key);
    } catch {}
  }
}
