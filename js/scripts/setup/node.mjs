/** Ends with a sentence where Node is too old. Imported first by every script; it uses nothing that an old Node lacks. */
const OLDEST = 20;

if (Number(process.versions.node.split(".")[0]) < OLDEST) {
  console.error(
    `Node ${OLDEST} or newer is needed and this is ${process.versions.node}: install it from https://nodejs.org and run this again.`,
  );
  process.exit(1);
}
