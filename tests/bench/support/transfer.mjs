/** What a page fetched for an SDK, and how many bytes that is. */
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** @typedef {{ files: string[], raw: number, gzip: number, brotli: number }} Transfer bytes; brotli at 11, gzip at 9 */

/**
 * @param {Awaited<ReturnType<typeof import("./page.mjs").openPage>>} page that has loaded
 * @returns {Promise<Transfer>}
 */
export async function transferOf({ fetched, shop }) {
  const files = fetched().map((line) => line.replace("GET ", ""));
  const transfer = { files, raw: 0, gzip: 0, brotli: 0 };
  for (const file of files) {
    const bytes = Buffer.from(
      await (await fetch(shop.url.replace("shop.localhost", "127.0.0.1") + file)).arrayBuffer(),
    );
    transfer.raw += bytes.length;
    transfer.gzip += gzipSync(bytes, { level: 9 }).length;
    transfer.brotli += brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }).length;
  }
  return transfer;
}
