/** What runs in a page, about its storage. */

/** How many pages the journal's copy has; none where there is no copy, which is not made by asking. */
export const copies = async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === "tg_journal")) return 0;
  const opening = indexedDB.open("tg_journal");
  await new Promise((done) => (opening.onsuccess = done));
  const counting = opening.result.transaction("pages").objectStore("pages").count();
  await new Promise((done) => (counting.onsuccess = done));
  opening.result.close();
  return counting.result;
};

/** The site itself takes all the room there is. */
export const fillStorage = () => {
  for (let size = 1 << 22; size; size >>= 1)
    try {
      for (;;) localStorage.setItem(`theirs${Object.keys(localStorage).length}`, "x".repeat(size));
    } catch {}
};

/** It gives the room back. */
export const makeRoom = () => {
  for (const key of Object.keys(localStorage)) if (key.startsWith("theirs")) localStorage.removeItem(key);
};
