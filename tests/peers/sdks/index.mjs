/**
 * The SDKs, each as its documentation has it for production. A page says when it `isReady`, and what it calls is `track`.
 *
 * @typedef {object} Sdk
 * @property {string} name
 * @property {import("../collector.mjs").Protocol} protocol
 * @property {(collector: string) => Promise<SdkPage> | SdkPage} page
 *
 * @typedef {object} SdkPage
 * @property {string} head HTML
 * @property {Record<string, string>} files what the site itself serves, by path: the settings of the SDK's backend too, since these come from elsewhere than events go
 */
import { jitsu } from "./jitsu.mjs";
import { mparticle } from "./mparticle.mjs";
import { posthog } from "./posthog.mjs";
import { rudder } from "./rudder.mjs";
import { segment } from "./segment.mjs";
import { snowplow } from "./snowplow.mjs";
import { tidegate } from "./tidegate.mjs";
import { walkeros, walkerosInBatches } from "./walkeros.mjs";

/** Whose losses are counted. */
export const sdks = [tidegate, segment, rudder, snowplow, posthog];
/** Whose cost is measured. */
export const everySdk = [...sdks, mparticle, jitsu, walkeros, walkerosInBatches];
