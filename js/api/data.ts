import type { Kit, Methods } from "./kit";

/** The data layer. */
export function dataMethods(kit: Kit): Methods {
  const { link } = kit;
  return {
    "data.push"(data) {
      const text = kit.json("data.push", data);
      link.run((core) => core.dataPush(text, data));
    },
    "data.get"(path) {
      const key = String(path);
      return link.ask((core) => core.data(key), undefined);
    },
    "data.snapshot": () => link.ask((core) => core.snapshot(), {}),
  };
}
