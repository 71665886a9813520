// Sends what waits, in order, by one page or the service worker at a time. A draft that nobody answered waits twice as long as before, from 1 s to 5 min, and those behind it wait with it.
import { all, alone, find, keep, type Draft } from "./store";

const LONGEST_MS = 300_000;

interface Problem {
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly { readonly message?: string }[];
}

interface Receipt {
  readonly number: string;
  readonly trackUrl: string;
}

/** Sends all that is due.
 *  @returns when there is something to send next (milliseconds since 1970); null when nothing waits. */
export async function sendAll(): Promise<number | null> {
  return alone(async () => {
    for (const { clientId } of await all()) {
      const draft = await find(clientId); // While those before it were on their way it may have been deleted.
      // Who sends holds the lock: one that is "sending" was left by a page that was closed, and nobody knows whether it arrived.
      if (draft?.state !== "waiting" && draft?.state !== "sending") {
        continue;
      }
      if (draft.nextAt > Date.now()) {
        return draft.nextAt;
      }
      const next = await send(draft);
      if (next !== null) {
        return next;
      }
    }
    return null;
  });
}

/** Forgets how long the next one wanted to wait: the network has just come back. */
export async function hurry(): Promise<void> {
  await alone(async () => {
    for (const draft of await all()) {
      if (draft.state === "waiting" && draft.nextAt > 0) {
        await keep({ ...draft, nextAt: 0 });
      }
    }
  });
}

/** @returns null when it was answered for good; else when to try again. */
async function send(draft: Draft): Promise<number | null> {
  await keep({ ...draft, state: "sending" });
  const answer = await post(draft);
  if (answer === null || answer.status >= 500 || answer.status === 408 || answer.status === 425 || answer.status === 429) {
    const asked = Number(answer?.headers.get("Retry-After") ?? "0") * 1000;
    const attempts = draft.attempts + 1;
    const nextAt = Date.now() + Math.max(asked, Math.min(LONGEST_MS, 1000 * 2 ** (attempts - 1)));
    await keep({ ...draft, state: "waiting", attempts, nextAt });
    return nextAt;
  }
  if (answer.ok) {
    const receipt = (await answer.json()) as Receipt;
    const { report } = draft;
    await keep({
      ...draft, state: "sent", number: receipt.number, trackUrl: receipt.trackUrl, photos: [],
      report: { category: report.category, lang: report.lang, description: "", subscribe: report.subscribe },
    });
    return null;
  }
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const faults = (problem.errors ?? []).map((error) => error.message ?? "").filter((words) => words !== "");
  await keep({ ...draft, state: "refused", faults: faults.length > 0 ? faults : [problem.detail ?? problem.title ?? String(answer.status)] });
  return null;
}

async function post(draft: Draft): Promise<Response | null> {
  const form = new FormData();
  form.append("report", JSON.stringify({ clientId: draft.clientId, ...draft.report }));
  draft.photos.forEach((photo, at) => form.append("photo", photo, `photo-${at + 1}.jpg`));
  return fetch("/api/v1/reports", { method: "POST", body: form, headers: { "Accept": "application/json", "Accept-Language": draft.report.lang } }).catch(() => null);
}
