// Reports that wait on this device until there is a network. They lie in the browser's own database, shared by all pages of the site and by its service worker, and leave it only when
// their writer says so, or once they are sent: then the words and photos go, the number stays.

import { Shelf, type Waiting } from "./shelf";

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

/** Whatever is sent under its client id, however often, is one report. */
export interface Draft extends Waiting {
  /** Name of the category, in the writer's language. */
  readonly title: string;
  readonly report: Sent;
  readonly photos: readonly Blob[];
  readonly state: DraftState;
  readonly number?: string;
  readonly trackUrl?: string;
  /** The mark of who wrote it: in nobody else's reports it stands. */
  readonly writer?: string;
  /** Why it was refused, in the writer's language. */
  readonly faults?: readonly string[];
}

export const shelf = new Shelf<Draft>("drafts");

/** Told to every page when something changed. */
export const changes = shelf.changes;

/** All, the oldest first. */
export const all = (): Promise<Draft[]> => shelf.all();

/** One as it is now; undefined when its writer has deleted it. */
export const find = (clientId: string): Promise<Draft | undefined> => shelf.find(clientId);

/** Does something to drafts while nobody sends them. */
export const alone = <T>(act: () => Promise<T>): Promise<T> => shelf.alone(act);

/** Whether its writer may go on with it. What may have arrived is not changed any more: it would be another report under the same name. */
export const isOpen = (draft: Draft): boolean => draft.state === "begun" || draft.state === "refused" || (draft.state === "waiting" && draft.attempts === 0);

/** Keeps a draft; fails when the device has no room, and then nothing of it has changed. */
export const keep = (draft: Draft): Promise<void> => shelf.keep(draft);

export const remove = (clientId: string): Promise<void> => shelf.remove(clientId);
