import type { Kit, Methods } from "./kit";

/** The data layer. */
export function dataMethods(kit: Kit): Methods {
  const { link } = kit;
  return {
    "data.push"(data) {
      const text = kit.json("data.push", data);
      link.run((core) => core.dataPush(text));
    },
    "data.get"(path) {
      const key = String(path);
      const text = link.ask((core) => core.dataGet(key), undefined);
      return text && JSON.parse(text);
    },
    "data.snapshot": () => JSON.parse(link.ask((core) => core.dataSnapshot(), "{}")),
  };
}
