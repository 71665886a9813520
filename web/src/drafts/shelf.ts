// What waits on this device until there is a network lies in the browser's own database, shared by all pages of the site and by its service worker: a shelf for each kind.

/** Something that is to be sent once. */
export interface Waiting {
  /** Made when it is begun: whatever is sent under it, however often, is done once. */
  readonly clientId: string;
  readonly madeAt: number;
  readonly state: string;
  /** Attempts that nobody answered. */
  readonly attempts: number;
  /** The server does not take it from who is signed in now: those behind it do not wait with it. */
  readonly held?: boolean;
  /** Not before this instant, milliseconds. */
  readonly nextAt: number;
}

const SHELVES = ["drafts", "repairs"] as const;

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open("zinneke", SHELVES.length);
    request.onupgradeneeded = () => SHELVES.filter((name) => !request.result.objectStoreNames.contains(name)).forEach((name) => request.result.createObjectStore(name, { keyPath: "clientId" }));
    request.onsuccess = () => {
      // A page of a later version waits for this one.
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      done(request.result);
    };
    request.onerror = () => failed(request.error ?? new Error("no database"));
  });
  return opened;
}

export class Shelf<T extends Waiting> {
  /** Told to every page when something changed. */
  readonly changes: BroadcastChannel;

  constructor(readonly name: (typeof SHELVES)[number]) {
    this.changes = new BroadcastChannel(`zinneke-${name}`);
  }

  /** All, the oldest first. */
  async all(): Promise<T[]> {
    const kept = await this.#within<T[]>("readonly", (store) => store.getAll());
    return kept.sort((one, other) => one.madeAt - other.madeAt);
  }

  /** One as it is now; undefined when it has been deleted. */
  find(clientId: string): Promise<T | undefined> {
    return this.#within<T | undefined>("readonly", (store) => store.get(clientId));
  }

  /** Does something while nobody sends. */
  alone<R>(act: () => Promise<R>): Promise<R> {
    return navigator.locks.request(`zinneke-${this.name}`, act) as Promise<R>;
  }

  /** Fails when the device has no room, and then nothing of it has changed. */
  async keep(one: T): Promise<void> {
    await this.#within("readwrite", (store) => store.put(one));
    this.changes.postMessage(one.clientId);
  }

  async remove(clientId: string): Promise<void> {
    await this.#within("readwrite", (store) => store.delete(clientId));
    this.changes.postMessage(clientId);
  }

  /** One transaction; done when it is on disk. */
  async #within<R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<R>): Promise<R> {
    const transaction = (await open()).transaction(this.name, mode, { durability: "strict" });
    const request = act(transaction.objectStore(this.name));
    return new Promise((done, failed) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = () => failed(transaction.error ?? new Error("not kept"));
    });
  }
}
