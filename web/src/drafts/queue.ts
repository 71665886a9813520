// Sends what waits on a shelf, in order, by one page or the service worker at a time. What nobody answered waits twice as long as before, from 1 s to 5 min, and those behind it wait with it; what waits for who
// wrote it to sign in holds up nothing.
import type { Shelf, Waiting } from "./shelf";

const LONGEST_MS = 300_000;

export interface Queue<T extends Waiting> {
  readonly shelf: Shelf<T>;
  /** What it is when it is in that state. */
  readonly as: (one: T, state: "waiting" | "sending", attempts: number, nextAt: number) => T;
  /** @returns null when nobody answered. */
  readonly post: (one: T) => Promise<Response | null>;
  /** What it becomes when it was taken or refused for good. */
  readonly settled: (one: T, answer: Response) => Promise<T>;
  /** Answers after which it waits for somebody else to sign in; after those of a server or network that is busy it is tried again too. */
  readonly held: readonly number[];
}

interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly { readonly message?: string }[];
}

/** Sends all that is due.
 *  @returns when there is something to send next (milliseconds since 1970); null when nothing waits. */
export async function sendQueue<T extends Waiting>(queue: Queue<T>): Promise<number | null> {
  const { shelf } = queue;
  return shelf.alone(async () => {
    let soonest: number | null = null;
    for (const { clientId } of await shelf.all()) {
      const one = await shelf.find(clientId); // While those before it were on their way it may have been deleted.
      // Who sends holds the lock: one that is "sending" was left by a page that was closed, and nobody knows whether it arrived.
      if (one?.state !== "waiting" && one?.state !== "sending") {
        continue;
      }
      const waits = one.nextAt > Date.now() ? one : await send(queue, one);
      if (waits !== null) {
        soonest = Math.min(soonest ?? waits.nextAt, waits.nextAt);
        if (waits.held !== true) {
          break;
        }
      }
    }
    return soonest;
  });
}

/** Forgets how long the next one wanted to wait: the network has just come back. */
export async function hurryQueue<T extends Waiting>({ shelf, as }: Queue<T>): Promise<void> {
  await shelf.alone(async () => {
    for (const one of await shelf.all()) {
      if (one.state === "waiting" && one.nextAt > 0) {
        await shelf.keep(as(one, "waiting", one.attempts, 0));
      }
    }
  });
}

/** @returns null when it was answered for good; else as it waits now. */
async function send<T extends Waiting>(queue: Queue<T>, one: T): Promise<T | null> {
  await queue.shelf.keep(queue.as(one, "sending", one.attempts, one.nextAt));
  const answer = await queue.post(one);
  const held = answer !== null && queue.held.includes(answer.status);
  if (answer === null || held || answer.status >= 500 || [408, 425, 429].includes(answer.status)) {
    const asked = Number(answer?.headers.get("Retry-After") ?? "0") * 1000;
    const attempts = one.attempts + 1;
    const nextAt = Date.now() + Math.max(asked, Math.min(LONGEST_MS, 1000 * 2 ** (attempts - 1)));
    const waits = { ...queue.as(one, "waiting", attempts, nextAt), held };
    await queue.shelf.keep(waits);
    return waits;
  }
  await queue.shelf.keep(await queue.settled(one, answer));
  return null;
}

/** Why it was refused, in the language of the request. */
export async function faultsOf(answer: Response): Promise<string[]> {
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const faults = (problem.errors ?? []).map((error) => error.message ?? "").filter((words) => words !== "");
  return faults.length > 0 ? faults : [problem.detail ?? problem.title ?? String(answer.status)];
}
