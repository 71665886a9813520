// Stops of rounds that were solved in the street and are not sent yet, with their photos: as drafts of reports wait, so wait these.
import { faultsOf, hurryQueue, sendQueue, type Queue } from "../drafts/queue";
import { Shelf, type Waiting } from "../drafts/shelf";

export interface Repair extends Waiting {
  readonly state: "waiting" | "sending" | "sent" | "refused";
  /** Number of the report. */
  readonly number: string;
  /** Where it is sent. */
  readonly address: string;
  readonly lang: string;
  readonly words: string;
  readonly photos: readonly Blob[];
  /** When the server took it, milliseconds by its own clock: a page drawn later knows better. */
  readonly takenAt?: number;
  /** The mark and the name of who wrote it: nobody else's session sends it. */
  readonly account?: string;
  readonly by?: string;
  /** Why it was refused, in the writer's language. */
  readonly faults?: readonly string[];
}

export const repairs = new Shelf<Repair>("repairs");

/** Who is not signed in any more is led there by the next page; what they have written waits for them, whoever else signs in meanwhile. */
const SIGNED_OUT = 401;

const REPAIRS: Queue<Repair> = { shelf: repairs, as: (repair, state, attempts, nextAt) => ({ ...repair, state, attempts, nextAt }), post, settled, held: [SIGNED_OUT] };

/** @returns when there is something to send next (milliseconds since 1970); null when nothing waits. */
export const sendRepairs = (): Promise<number | null> => sendQueue(REPAIRS);

export const hurryRepairs = (): Promise<void> => hurryQueue(REPAIRS);

async function settled(repair: Repair, answer: Response): Promise<Repair> {
  return answer.ok
    ? { ...repair, state: "sent", words: "", photos: [], takenAt: Date.parse(answer.headers.get("Date") ?? "") || Date.now() }
    : { ...repair, state: "refused", faults: await faultsOf(answer) };
}

async function post(repair: Repair): Promise<Response | null> {
  const form = new FormData();
  form.append("action", JSON.stringify({ clientId: repair.clientId, lang: repair.lang, ...(repair.words === "" ? {} : { text: repair.words }) }));
  repair.photos.forEach((photo, at) => form.append("photo", photo, `photo-${at + 1}.jpg`));
  return fetch(repair.address, { method: "POST", body: form, headers: { "Accept": "application/json", "Accept-Language": repair.lang, ...(repair.account === undefined ? {} : { "Zinneke-Account": repair.account }) } }).catch(() => null);
}
