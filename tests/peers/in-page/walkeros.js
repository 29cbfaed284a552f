import { startFlow } from "@walkeros/collector";

const send = (body) =>
  fetch(`${window.collector}/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

// It brings no destination for a collector of one's own. By `sendWeb` of its web core 90 of a burst of 300 events arrived, since that has requests outlive the
// page, for which browsers allow 64 KB; and of batches with a `size` only the first came.
const code = {
  type: "collector",
  config: {},
  push: (event) => void send([event]),
  pushBatch: ({ entries }) => void send(entries.map(({ event }) => event)),
};

let elb;
startFlow({
  run: true,
  consent: { analytics: true },
  destinations: {
    collector: { code, config: { consent: { analytics: true }, ...(window.isBatched && { batch: { wait: 1000 } }) } },
  },
}).then((flow) => {
  elb = flow.elb;
});
window.isReady = () => !!elb;
window.track = (data) => void elb("product add", data);
