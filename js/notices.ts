/** What the core had to say while it was on the stack, kept until page code may run again. */
export interface Notices {
  add(name: string, payload: unknown): void;
  deliver(): void;
}

/** Listeners that cause notices get them in the same task this many times, then in a task of their own. */
const ROUNDS = 10;

export function createNotices(tell: (name: string, payload: unknown) => void): Notices {
  const waiting: [name: string, payload: unknown][] = [];
  let delivering = false;

  const deliver = () => {
    if (delivering) return;
    delivering = true;
    try {
      for (let round = 0; waiting.length && round < ROUNDS; round++)
        for (const notice of [...waiting]) {
          tell(...notice);
          waiting.shift();
        }
    } finally {
      // At the end of the page's stack nothing more can be told: it is, next time.
      delivering = false;
    }
    if (waiting.length) setTimeout(deliver);
  };

  return { add: (name, payload) => waiting.push([name, payload]), deliver };
}
