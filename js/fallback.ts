// The core as JavaScript, for where WebAssembly is missing or forbidden: `tidegate.fallback.js`. It is fetched only then.

import * as core from "tidegate-fallback";
import { __wbg_set_wasm, ask, call, start, tell } from "tidegate-fallback-glue";

__wbg_set_wasm(core);

export { ask, call, start, tell };
