// The APIs of the IAB (TCF, GPP, US Privacy): a function of the page, or of a frame around it, which takes messages.

import { frameWith } from "./frames";

/** Gets what a command gives. That of a listener, which is called again and again, returns `true`. */
type Reply = (value: unknown, success?: unknown) => unknown;

type Command = "ping" | "addEventListener" | "removeEventListener" | "getUSPData";

/** Puts a command to the page's function: the arguments are in another order for each API. */
type Put = (api: (...args: unknown[]) => unknown, command: Command, reply: Reply, parameter?: unknown) => unknown;

/** An API as it is now. It is found anew for each look: the platform puts another function in the place of its stub. */
export interface Api {
  /** The page's function, or the frame that has it. */
  at: object;
  /** Whether it answers by messages. */
  isFar: boolean;
  /** Returns what the API returns: those of before GPP 1.1 return their answer. */
  call(command: Command, reply: Reply, parameter?: unknown): unknown;
}

/** The API of this page, or of the nearest frame around it that says it has one. */
export function findApi(name: string, version: number | string, put: Put): Api | undefined {
  const own = (window as unknown as Record<string, unknown>)[name];
  if (typeof own === "function")
    return { at: own, isFar: false, call: (...given) => put(own as Parameters<Put>[0], ...given) };
  const frame = frameWith(`${name}Locator`);
  return frame && { at: frame, isFar: true, call: (...given) => post(frame, name, version, ...given) };
}

/** How long a question may be left unanswered, in milliseconds. */
const PATIENCE = 5000;

/** What an API answers to the same command, asked again at each look. */
export interface Question {
  ask(api: Api): unknown;
  /** Takes what the API told by itself. */
  take(answer: unknown): void;
  /** What it answered or told last. */
  last(): unknown;
}

/**
 * An API of this page answers at once, or has not answered. One of another frame answers later, so that its last answer counts until it has been
 * silent for too long. `later` is called for an answer that came by itself, `then` for each.
 */
export function createQuestion(
  command: Command,
  later: () => void,
  then = (_api: Api, _answer: unknown): unknown => undefined,
): Question {
  let at: object | undefined;
  let answer: unknown;
  let asked = 0;
  let reading = false;

  const put = (api: Api) => {
    let now = true;
    asked = Date.now();
    const returned = api.call(command, (value, success) => {
      if (api.at !== at) return;
      asked = 0;
      answer = success === false ? undefined : value;
      // Who reads because of this answer must not ask again.
      reading = true;
      if (!now) later();
      reading = false;
      then(api, answer);
    });
    now = false;
    if (!returned || typeof returned !== "object") return;
    asked = 0;
    answer = returned;
  };

  return {
    ask(api) {
      if (reading) return answer;
      if (api.at !== at || Date.now() - asked > PATIENCE) {
        if (api.at !== at || asked) answer = undefined;
        at = api.at;
        asked = 0;
      }
      if (!api.isFar) answer = undefined;
      if (!asked) put(api);
      return answer;
    },
    take(told) {
      answer = told;
    },
    last: () => answer,
  };
}

interface Message {
  callId?: unknown;
  returnValue?: unknown;
  success?: unknown;
}

interface Posted {
  frame: Window;
  member: string;
  reply: Reply;
}

let calls = 0;
let posted: Map<string, Posted> | undefined;

function post(
  frame: Window,
  name: string,
  version: number | string,
  command: Command,
  reply: Reply,
  parameter?: unknown,
): void {
  if (!posted) {
    posted = new Map();
    addEventListener("message", receive);
  }
  const callId = `tidegate-${++calls}`;
  posted.set(callId, { frame, member: `${name}Return`, reply });
  frame.postMessage({ [`${name}Call`]: { command, version, parameter, callId } }, "*");
}

/** Any frame may send anything; some send the text of it. */
function receive({ source, data }: MessageEvent): void {
  let message: Record<string, Message | undefined> | null;
  try {
    message = typeof data === "string" ? JSON.parse(data) : data;
  } catch {
    return;
  }
  for (const [callId, { frame, member, reply }] of posted ?? []) {
    const answer = message?.[member];
    if (!answer || source !== frame || answer.callId !== callId) continue;
    if (!reply(answer.returnValue, answer.success)) posted?.delete(callId);
  }
}
