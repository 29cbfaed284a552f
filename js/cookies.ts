// First-party cookies. On the widest domain that the browser takes, so that the subdomains of a site share a visitor.

/** Those that are ours or Segment's, each as `name=value`, decoded. A frame may not read any. */
export function cookies(): string[] {
  try {
    return document.cookie
      .split("; ")
      .filter((pair) => /^(tg|ajs)_/.test(pair))
      .map(decodedText);
  } catch {
    return [];
  }
}

/** What cannot be decoded stays as it is. */
export function decodedText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A lifetime of 0 seconds deletes, wherever it was set on that path. */
export function setCookie(name: string, value: string, maxAge: number, path = "/"): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  for (const domain of maxAge ? [widest()] : [...domains(), ""])
    write(`${name}=${encodeURIComponent(value)}; Path=${path}; SameSite=Lax; Max-Age=${maxAge}${domain}${secure}`);
}

function write(cookie: string): void {
  try {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, and not everywhere.
    document.cookie = cookie;
  } catch {}
}

/** Domains of this host, the widest first. Browsers refuse those that many sites share. */
function domains(): string[] {
  const labels = location.hostname.split(".");
  return labels
    .map((_, at) => `; Domain=${labels.slice(at).join(".")}`)
    .reverse()
    .slice(1);
}

let found: string | undefined;

/** Tried out once, with a cookie that says nothing and is deleted at once. */
function widest(): string {
  found ??=
    domains().find((domain) => {
      write(`tg_domain=1${domain}`);
      const taken = cookies().includes("tg_domain=1");
      write(`tg_domain=; Max-Age=0${domain}`);
      return taken;
    }) ?? "";
  return found;
}
