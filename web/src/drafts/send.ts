// Sends the drafts of reports.
import { faultsOf, hurryQueue, sendQueue, type Queue } from "./queue";
import { shelf, type Draft } from "./store";

interface Receipt {
  readonly number: string;
  readonly trackUrl: string;
}

const DRAFTS: Queue<Draft> = { shelf, as: (draft, state, attempts, nextAt) => ({ ...draft, state, attempts, nextAt }), post, settled, held: [] };

/** @returns when there is something to send next (milliseconds since 1970); null when nothing waits. */
export const sendAll = (): Promise<number | null> => sendQueue(DRAFTS);

/** Forgets how long the next one wanted to wait: the network has just come back. */
export const hurry = (): Promise<void> => hurryQueue(DRAFTS);

async function settled(draft: Draft, answer: Response): Promise<Draft> {
  if (!answer.ok) {
    return { ...draft, state: "refused", faults: await faultsOf(answer) };
  }
  const receipt = (await answer.json()) as Receipt;
  const { report } = draft;
  return {
    ...draft, state: "sent", number: receipt.number, trackUrl: receipt.trackUrl, photos: [],
    report: { category: report.category, lang: report.lang, description: "", subscribe: report.subscribe },
  };
}

async function post(draft: Draft): Promise<Response | null> {
  const form = new FormData();
  form.append("report", JSON.stringify({ clientId: draft.clientId, ...draft.report }));
  draft.photos.forEach((photo, at) => form.append("photo", photo, `photo-${at + 1}.jpg`));
  return fetch("/api/v1/reports", { method: "POST", body: form, headers: { "Accept": "application/json", "Accept-Language": draft.report.lang, ...(draft.writer === undefined ? {} : { "Zinneke-Writer": draft.writer }) } }).catch(() => null);
}
