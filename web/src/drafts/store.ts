// Reports that wait on this device until there is a network. They lie in the browser's own database, shared by all pages of the site and by its service worker, and leave it only when
// their writer says so, or once they are sent: then the words and photos go, the number stays.

export type DraftState = "begun" | "waiting" | "sending" | "sent" | "refused";

/** What `POST /api/v1/reports` takes, without the client id. */
export interface Sent {
  readonly category: string;
  readonly lang: string;
  readonly description: string;
  readonly lon?: number;
  readonly lat?: number;
  readonly accuracyM?: number;
  readonly address?: string;
  readonly answers?: Readonly<Record<string, readonly string[]>>;
  readonly contact?: Readonly<Record<string, string>>;
  readonly subscribe: boolean;
}

export interface Draft {
  /** Made when the draft is begun: whatever is sent under it, however often, is one report. */
  readonly clientId: string;
  readonly madeAt: number;
  /** Name of the category, in the writer's language. */
  readonly title: string;
  readonly report: Sent;
  readonly photos: readonly Blob[];
  readonly state: DraftState;
  /** Attempts that nobody answered. */
  readonly attempts: number;
  /** Not before this instant, milliseconds. */
  readonly nextAt: number;
  readonly number?: string;
  readonly trackUrl?: string;
  /** Why it was refused, in the writer's language. */
  readonly faults?: readonly string[];
}

const STORE = "drafts";

/** Told to every page when something changed. */
export const changes = new BroadcastChannel("zinneke-drafts");

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open("zinneke", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "clientId" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error ?? new Error("no database"));
  });
  return opened;
}

/** One transaction; done when it is on disk. */
async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(STORE, mode, { durability: "strict" });
  const request = act(transaction.objectStore(STORE));
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done(request.result);
    transaction.onabort = () => failed(transaction.error ?? new Error("not kept"));
  });
}

/** All, the oldest first. */
export async function all(): Promise<Draft[]> {
  const drafts = await within<Draft[]>("readonly", (store) => store.getAll());
  return drafts.sort((one, other) => one.madeAt - other.madeAt);
}

/** One as it is now; undefined when its writer has deleted it. */
export function find(clientId: string): Promise<Draft | undefined> {
  return within<Draft | undefined>("readonly", (store) => store.get(clientId));
}

/** Does something to drafts while nobody sends them. */
export function alone<T>(act: () => Promise<T>): Promise<T> {
  return navigator.locks.request("zinneke-drafts", act) as Promise<T>;
}

/** Whether its writer may go on with it. What may have arrived is not changed any more: it would be another report under the same name. */
export const isOpen = (draft: Draft): boolean => draft.state === "begun" || draft.state === "refused" || (draft.state === "waiting" && draft.attempts === 0);

/** Keeps a draft; fails when the device has no room, and then nothing of it has changed. */
export async function keep(draft: Draft): Promise<void> {
  await within("readwrite", (store) => store.put(draft));
  changes.postMessage(draft.clientId);
}

export async function remove(clientId: string): Promise<void> {
  await within("readwrite", (store) => store.delete(clientId));
  changes.postMessage(clientId);
}
