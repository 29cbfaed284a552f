import { el } from "../dom.js";
import { createConsentNow } from "./consent-now.js";
import { createCounters } from "./counters.js";
import { follow } from "./feed.js";
import { createLanes } from "./lanes.js";
import { createStream } from "./stream.js";
import { followVendors } from "./vendors.js";

const find = (id) => document.getElementById(id);
const consentPanel = el("section", { class: "panel" });
const vendorPanel = el("section", { class: "panel" });
find("side").append(consentPanel, vendorPanel);

const parts = [
  createCounters(find("counters")),
  createLanes(find("lanes")),
  createStream(find("stream")),
  createConsentNow(consentPanel),
];
const pause = find("pause");
let held = null;

function show(events, fresh) {
  if (held) {
    held.push(...events);
    pause.textContent = `Resume (${held.length} new)`;
    return;
  }
  for (const part of parts) part.add(events, fresh);
}

function clear() {
  if (held) held = [];
  for (const part of parts) part.clear();
}

pause.addEventListener("click", () => {
  const waiting = held;
  held = waiting ? null : [];
  pause.textContent = waiting ? "Pause" : "Resume";
  if (waiting?.length) show(waiting, true);
});
find("clear").addEventListener("click", clear);

function showConnection({ ok, text }) {
  const connection = find("connection");
  const said = ok ? "Connected" : text;
  connection.className = ok ? "connection ok" : "connection lost";
  if (connection.textContent !== said) connection.textContent = said;
}

followVendors(vendorPanel);
follow({ events: show, state: showConnection, restart: clear });
