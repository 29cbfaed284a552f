/** Recordings in real browsers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inEveryBrowser } from "./support/browsers.mjs";
import { openTriggers } from "./support/triggers.mjs";
import { until } from "./support/until.mjs";

/** Two seconds of silence, as a WAV file. */
function silence() {
  const [rate, seconds] = [8000, 2];
  const file = Buffer.alloc(44 + rate * seconds, 128);
  file.write("RIFF");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  for (const [at, value] of /** @type {const} */ ([
    [16, 16],
    [24, rate],
    [28, rate],
    [40, rate * seconds],
  ]))
    file.writeUInt32LE(value, at);
  for (const [at, value] of /** @type {const} */ ([
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ]))
    file.writeUInt16LE(value, at);
  file.write("data", 36);
  return file;
}

inEveryBrowser(({ launch }) => {
  let /** @type {Awaited<ReturnType<typeof openTriggers>>} */ world;
  before(async () => {
    world = await openTriggers(launch);
  });
  after(() => world?.close());

  const open = (/** @type {Parameters<typeof world.open>} */ ...args) => world.open(...args);

  test("a recording is told from its start to its end, each mark once", async (t) => {
    world.site.answer("/silence.wav", { body: silence(), headers: { "content-type": "audio/wav" } });
    const { listen, told, run } = await open(
      t,
      `<audio id="sound" title="Silence" src="/silence.wav" muted preload="auto"></audio>`,
    );
    await listen([
      { at: 0, kind: "media" },
      { at: 1, kind: "media", on: ["progress"], progress: [100, 50, 25] },
      { at: 2, kind: "media", on: ["start"], selector: "#other" },
      { at: 3, kind: "media", on: ["start", "complete"], selector: "#sound" },
    ]);
    const play = () => run(() => document.getElementById("sound").play());
    const status = ({ facts, triggers }) => [facts.status, ...triggers];
    const next = async (/** @type {number} */ count) => {
      await until(() => run((count) => window.told.length >= count, count));
      return told();
    };
    await play();
    const [start] = await next(1);
    await run(() => document.getElementById("sound").pause());
    const paused = (await next(1)).filter(({ facts }) => facts.status === "pause");
    await play();
    await until(() => run(() => document.getElementById("sound").ended));
    await sleep(300);
    const rest = await told();
    assert.deepEqual(
      [status(start), ...paused.map(status)],
      [
        ["start", 0, 3],
        ["pause", 0],
      ],
    );
    assert.deepEqual(rest.map(status).toSorted(), [
      ["complete", 0, 3],
      ["progress", 1],
      ["progress", 1],
      ["progress", 1],
    ]);
    const { element, currentTime, ...facts } = start.facts;
    assert.deepEqual(facts, {
      status: "start",
      provider: "html5",
      url: `${world.site.url}/silence.wav`,
      title: "Silence",
      duration: 2,
      percent: facts.percent,
    });
    assert.ok(currentTime < 2 && facts.percent < 100);
    assert.deepEqual([element.id, element.tag], ["sound", "audio"]);
    const marks = rest.filter(({ facts }) => facts.status === "progress").map(({ facts }) => facts.percent);
    assert.deepEqual(marks, [25, 50, 100]);
    assert.equal(rest.find(({ facts }) => facts.status === "complete").facts.percent, 100);
    await play();
    assert.deepEqual(status((await next(1))[0]), ["start", 0, 3]);
  });

  test("a recording that is moved while it does not play makes no progress", async (t) => {
    world.site.answer("/silence.wav", { body: silence(), headers: { "content-type": "audio/wav" } });
    const { listen, told, run } = await open(t, `<audio id="sound" src="/silence.wav" muted preload="auto"></audio>`);
    await listen([{ at: 0, kind: "media", progress: [0, 10] }]);
    await until(() => run(() => document.getElementById("sound").readyState > 0));
    await run(() => {
      const sound = document.getElementById("sound");
      sound.currentTime = 1;
      sound.dispatchEvent(new Event("timeupdate"));
    });
    assert.deepEqual(await told(), []);
  });
});
