/** The page as the stand-ins of tests/js know it: its cookies are one text, which can be replaced whole. */
export const realPage = {
  window,
  document: {
    dispatchEvent: (event) => document.dispatchEvent(event),
    get cookie() {
      return document.cookie;
    },
    set cookie(text) {
      const name = (pair) => pair.slice(0, pair.indexOf("="));
      const pairs = text.split("; ").filter(Boolean);
      const kept = pairs.map(name);
      const gone = document.cookie.split("; ").filter((pair) => !kept.includes(name(pair)));
      const changed = [...gone.map((pair) => `${name(pair)}=; Max-Age=0`), ...pairs];
      // biome-ignore lint/suspicious/noDocumentCookie: as a platform writes it.
      for (const pair of changed) document.cookie = `${pair}; Path=/`;
    },
  },
};
