/** DuckDB, and fakesnow for Snowflake, which read what `tidegate export` writes: packages of Python, in an environment of their own. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onPath, output, python, pythonHome, pythonPackages } from "../tools.mjs";
import { apt, Missing, run, say } from "./shell.mjs";

/** What the packages need. */
const OLDEST = 11;

/** @returns {string | undefined} a Python that is new enough */
function found() {
  const names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"];
  return names.find((name) => {
    const minor = onPath(name) && output(name, ["-c", "import sys, ensurepip, venv; print(sys.version_info.minor)"]);
    return Number(minor ?? 0) >= OLDEST;
  });
}

/** Installs them into the cache unless they are there. */
export function ensurePython() {
  const folder = pythonHome();
  const done = join(folder, "installed");
  if (existsSync(done)) return;
  if (!found()) apt(["python3", "python3-venv"]);
  const base = found();
  if (!base) {
    throw new Missing(
      `The tests need Python 3.${OLDEST} or newer with its venv: install it, on Debian with \`apt-get install python3 python3-venv\`.`,
    );
  }
  say("installing DuckDB and fakesnow for Python (330 MB, once)");
  rmSync(folder, { recursive: true, force: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
  if (!run(base, ["-m", "venv", folder]) || !run(python(), [...pip, "--requirement", pythonPackages])) {
    throw new Missing(
      `DuckDB cannot be had: run \`${base} -m venv ${folder} && ${python()} -m pip install -r tests/warehouse/requirements.txt\` with a network.`,
    );
  }
  writeFileSync(done, "");
}
