/** What happens in several rows. Each is twenty calls while something fails, which then is well again. */

/** @typedef {import("../trial.mjs").Trial} Trial */

/** The server answers so for some seconds. @param {import("../../../peers/modes.mjs").Mode} mode */
export const during = (mode, seconds = 5) =>
  async function happens(/** @type {Trial} */ trial) {
    trial.collector.mode = mode;
    await trial.send(20);
    await trial.wait(seconds);
    trial.collector.mode = "ok";
  };

/** The browser lets nothing through to the server for some seconds. @param {import("puppeteer-core").ErrorCode} code */
export const cutOff = (code, seconds = 5) =>
  async function happens(/** @type {Trial} */ trial) {
    const { collector, page } = trial;
    let isCut = true;
    await page.setRequestInterception(true);
    page.on("request", (request) => {
      const isTheirs = request.url().startsWith(collector.url);
      // A page that is gone has no requests any more.
      const going = isCut && isTheirs ? request.abort(code) : request.continue();
      going.catch(() => {});
    });
    await trial.send(20);
    await trial.wait(seconds);
    isCut = false;
  };

/** The server is down, and the visitor leaves meanwhile. @param {Trial} trial */
export async function leaves(trial) {
  trial.collector.mode = "drop";
  await trial.send(20);
  await trial.wait(2);
  await trial.away();
  trial.collector.mode = "ok";
}

/** The same, and comes back. @param {Trial} trial */
export async function leavesAndComesBack(trial) {
  await leaves(trial);
  await trial.back();
}
