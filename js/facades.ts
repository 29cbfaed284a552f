// The front doors of other products: `tidegate.facades.js` comes where the config has `facades`.

import { openDataLayer } from "./facades/data-layer";
import { createFront, type Front } from "./facades/front";
import { createLayer, type Layer } from "./facades/layer";
import { openMParticle } from "./facades/mparticle";
import { openTealium } from "./facades/tealium";
import type { Instance } from "./instance";
import type { Analytics } from "./tidegate.d.ts";

/** Takes its place on the page at once. What it returns carries out what the page did before, when the turn comes. */
type Facade = (front: Front, layer: Layer, settings: Record<string, never>) => () => void;

const FACADES: [name: string, open: Facade][] = [
  ["dataLayer", openDataLayer],
  ["tealium", openTealium],
  ["mparticle", openMParticle],
];

/** Opens those that the config names. What they kept comes before the calls that wait for the core. */
export function open(instance: Instance, config: string, self: Analytics): void {
  const front = createFront(instance, self);
  const layer = createLayer(front);
  const starts: [string, () => void][] = [];
  front.guarded("facades", () => {
    const given = JSON.parse(config).facades ?? {};
    for (const [name, facade] of FACADES)
      if (given[name]) front.guarded(`facades.${name}`, () => starts.push([name, facade(front, layer, given[name])]));
  });
  const { begin } = instance;
  instance.begin = (core) => {
    begin?.(core);
    front.within(core, "facades", () => {
      for (const [name, start] of starts) front.guarded(`facades.${name}`, start);
    });
  };
}
