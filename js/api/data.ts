import type { Kit, Methods } from "./kit";

/** The data layer. */
export function dataMethods(kit: Kit): Methods {
  const { link } = kit;
  return {
    "data.push"(data) {
      const text = kit.text("data.push", [data]).slice(1, -1);
      link.run((core) => core.dataPush(text || "null"));
    },
    "data.get"(path) {
      const key = String(path);
      const text = link.ask((core) => core.dataGet(key), undefined);
      return text && JSON.parse(text);
    },
    "data.snapshot": () => JSON.parse(link.ask((core) => core.dataSnapshot(), "{}")),
  };
}
