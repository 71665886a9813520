// The list of what waits, and the form that adds to it. On other pages of the form the element only says how many wait.
import { DraftForm } from "./form";
import { takeAlong } from "./pages";
import { hurry, sendAll } from "./send";
import { all, changes, isOpen, remove, type Draft } from "./store";

const SYNC = "zinneke-drafts";

interface SyncManager {
  register(tag: string): Promise<void>;
}

/** Starts the element: shows what is there, sends what waits, and goes on when the network comes back. */
export async function startDrafts(element: HTMLElement): Promise<void> {
  const registration = await navigator.serviceWorker.register("/service-worker.js");
  void takeAlong(document.documentElement.lang);
  const drafts = new Drafts(element, registration);
  await drafts.start();
}

class Drafts {
  readonly #form: DraftForm | null;
  #timer = 0;

  constructor(readonly element: HTMLElement, readonly registration: ServiceWorkerRegistration) {
    const form = element.querySelector("form");
    this.#form = form === null ? null : new DraftForm(form, document.documentElement.lang, () => void this.#kept());
  }

  async start(): Promise<void> {
    changes.addEventListener("message", () => void this.#show());
    addEventListener("online", () => void hurry().then(() => this.#send()));
    await this.#show();
    await this.#form?.start();
    this.element.querySelectorAll("[data-ready]").forEach((part) => part.removeAttribute("hidden"));
    await this.#send();
  }

  /** The form has put a draft away. */
  async #kept(): Promise<void> {
    await navigator.storage?.persist?.();
    this.#say(this.element.dataset["kept"] ?? "");
    await this.#show();
    await this.#send();
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    if (!navigator.onLine) {
      await this.#later();
      return;
    }
    const next = await sendAll();
    await this.#show();
    if (next !== null) {
      this.#timer = window.setTimeout(() => void this.#send(), Math.max(0, next - Date.now()));
      await this.#later();
    }
  }

  /** Asks the browser to go on when there is a network, also when this page is closed; not every browser can. */
  async #later(): Promise<void> {
    const sync = (this.registration as ServiceWorkerRegistration & { readonly sync?: SyncManager }).sync;
    await sync?.register(SYNC).catch(() => undefined);
  }

  async #show(): Promise<void> {
    const drafts = await all();
    const waiting = drafts.filter((draft) => draft.state !== "sent").length;
    const note = this.element.querySelector<HTMLElement>("[data-count]");
    if (note !== null) {
      note.hidden = waiting === 0;
      note.querySelector("a")!.textContent = (note.dataset["count"] ?? "").replace("{0}", String(waiting));
    }
    const list = this.element.querySelector("ul[data-list]");
    if (list !== null) {
      list.replaceChildren(...drafts.reverse().map((draft) => this.#row(draft)));
      const none = this.element.querySelector<HTMLElement>("[data-none]");
      if (none !== null) {
        none.hidden = drafts.length > 0;
      }
    }
  }

  #row(draft: Draft): HTMLElement {
    const row = this.element.querySelector<HTMLTemplateElement>("template[data-row]")!.content.firstElementChild!.cloneNode(true) as HTMLElement;
    const part = (name: string): HTMLElement => row.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
    row.dataset["state"] = draft.state;
    row.dataset["client"] = draft.clientId;
    part("title").textContent = draft.title;
    part("made").textContent = new Date(draft.madeAt).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    row.querySelectorAll<HTMLElement>("[data-state-tag]").forEach((tag) => (tag.hidden = tag.dataset["stateTag"] !== draft.state));
    part("words").textContent = draft.report.description;
    part("faults").replaceChildren(...(draft.faults ?? []).map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    part("faults").hidden = draft.state !== "refused";
    part("photos").replaceChildren(...draft.photos.map((photo) => picture(photo)));
    const link = part("number") as HTMLAnchorElement;
    link.hidden = draft.state !== "sent";
    link.textContent = draft.number ?? "";
    link.href = draft.trackUrl ?? "";
    const edit = part("edit");
    edit.hidden = !isOpen(draft);
    edit.addEventListener("click", () => void this.#form?.edit(draft.clientId));
    const removal = part("remove");
    removal.hidden = draft.state === "sending";
    removal.addEventListener("click", () => {
      if (draft.state === "sent" || confirm(this.element.dataset["sure"] ?? "")) {
        this.#form?.drop(draft.clientId);
        void remove(draft.clientId).then(() => this.#show());
      }
    });
    return row;
  }

  #say(words: string): void {
    const status = this.element.querySelector<HTMLElement>("[role=status]");
    if (status !== null) {
      status.textContent = words;
    }
  }
}

function picture(photo: Blob): HTMLElement {
  const image = document.createElement("img");
  image.src = URL.createObjectURL(photo);
  image.alt = "";
  image.onload = () => URL.revokeObjectURL(image.src);
  const item = document.createElement("li");
  item.append(image);
  return item;
}
