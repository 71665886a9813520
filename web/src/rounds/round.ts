// The page of a round in the street: a stop that is solved is kept on the device at once and sent when there is a network, once, whatever happens in between.
import { hurryRepairs, repairs, sendRepairs, type Repair } from "./repairs";
import { forgetOldRounds, forgetRound, takePictures, takeRound } from "./copies";

const SYNC = "zinneke-repairs";

interface SyncManager {
  register(tag: string): Promise<void>;
}

export async function startRound(element: HTMLElement): Promise<void> {
  const registration = await navigator.serviceWorker.register("/service-worker.js");
  await new RoundPage(element, registration).start();
}

class RoundPage {
  #timer = 0;
  readonly #keeping = new Set<string>();

  constructor(readonly element: HTMLElement, readonly registration: ServiceWorkerRegistration) {}

  async start(): Promise<void> {
    repairs.changes.addEventListener("message", () => void this.#show());
    addEventListener("online", () => void hurryRepairs().then(() => this.#send()));
    for (const form of this.element.querySelectorAll<HTMLFormElement>("form[data-solve]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        void this.#keep(form);
      }, { capture: true });
    }
    await this.#forgetOld();
    await this.#show();
    this.element.querySelectorAll<HTMLDetailsElement>("[data-stop] > details[open][hidden]").forEach((waits) => {
      waits.open = false;
      this.#following()?.setAttribute("open", "");
    });
    this.element.setAttribute("ready", "");
    void this.#takeAlong();
    await hurryRepairs();
    await this.#send();
  }

  async #takeAlong(): Promise<void> {
    await forgetOldRounds();
    if (this.element.dataset["over"] !== undefined) {
      await forgetRound(location.pathname);
      return;
    }
    await takeRound(location.pathname);
    await takePictures(location.pathname, [...this.element.querySelectorAll("img")].map((picture) => picture.src));
  }

  async #keep(form: HTMLFormElement): Promise<void> {
    const words = form.querySelector("textarea")!;
    const photos = [...(form.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [])];
    words.setCustomValidity(words.value.trim() === "" && photos.length === 0 ? (this.element.dataset["needed"] ?? "") : "");
    if (!form.reportValidity()) {
      words.addEventListener("input", () => words.setCustomValidity(""), { once: true });
      return;
    }
    const number = form.closest<HTMLElement>("[data-stop]")!.dataset["stop"]!;
    if (this.#keeping.has(number)) {
      return; // Tapped twice.
    }
    this.#keeping.add(number);
    try {
      await this.#put(form, number, words.value.trim(), photos);
    } finally {
      this.#keeping.delete(number);
    }
  }

  async #put(form: HTMLFormElement, number: string, words: string, photos: readonly File[]): Promise<void> {
    const before = (await repairs.all()).filter((repair) => repair.number === number && (repair.state !== "refused" || this.#isMine(repair)));
    if (before.some((repair) => repair.state !== "refused")) {
      return;
    }
    try {
      await repairs.keep({
        clientId: crypto.randomUUID(), madeAt: Date.now(), number, address: form.dataset["solve"]!, lang: document.documentElement.lang, words, photos,
        account: this.element.dataset["account"]!, by: this.element.dataset["name"]!, state: "waiting", attempts: 0, nextAt: 0,
      });
    } catch {
      alert(this.element.dataset["full"] ?? "");
      return;
    }
    await Promise.all(before.map((repair) => repairs.remove(repair.clientId)));
    await navigator.storage?.persist?.();
    await this.#show();
    this.#next();
    await this.#send();
  }

  /** The form of the first stop that is neither solved nor waits. */
  #following(): HTMLDetailsElement | undefined {
    return [...this.element.querySelectorAll<HTMLDetailsElement>("[data-stop] > details")].find((part) => !part.hidden);
  }

  /** Unfolds the stop that comes next, as a fresh page would. */
  #next(): void {
    const next = this.#following();
    if (next !== undefined) {
      next.open = true;
      next.closest("[data-stop]")?.scrollIntoView({ block: "start" });
      next.querySelector("summary")?.focus({ preventScroll: true });
    }
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    const before = (await repairs.all()).filter((repair) => repair.state === "sent").length;
    const next = navigator.onLine ? await sendRepairs() : Number.POSITIVE_INFINITY;
    await this.#show();
    if (next !== null) {
      await (this.registration as ServiceWorkerRegistration & { readonly sync?: SyncManager }).sync?.register(SYNC).catch(() => undefined);
      if (Number.isFinite(next)) {
        this.#timer = window.setTimeout(() => void this.#send(), Math.max(0, next - Date.now()));
      }
    }
    if ((await repairs.all()).filter((repair) => repair.state === "sent").length > before) {
      await this.#takeAlong();
    }
  }

  /** What was taken before this page was drawn is in it. */
  async #forgetOld(): Promise<void> {
    const drawn = Number(this.element.dataset["at"] ?? "0");
    for (const repair of await repairs.all()) {
      if (repair.takenAt !== undefined && repair.takenAt < drawn) {
        await repairs.remove(repair.clientId);
      }
    }
  }

  async #show(): Promise<void> {
    const kept = new Map((await repairs.all()).filter((repair) => repair.state !== "refused" || this.#isMine(repair)).map((repair) => [repair.number, repair]));
    for (const stop of this.element.querySelectorAll<HTMLElement>("[data-stop]")) {
      this.#mark(stop, kept.get(stop.dataset["stop"]!));
    }
    const waiting = [...kept.values()].filter((repair) => repair.state === "waiting" || repair.state === "sending");
    const mine = waiting.filter((repair) => this.#isMine(repair)).length;
    const others = [...new Set(waiting.filter((repair) => !this.#isMine(repair)).map((repair) => repair.by ?? ""))];
    const status = this.element.querySelector("[role=status]");
    if (status !== null) {
      const says = mine === 0 ? [] : [(this.element.dataset["waiting"] ?? "").replace("{0}", String(mine))];
      status.textContent = [...says, ...others.map((name) => (this.element.dataset["other"] ?? "").replaceAll("{0}", name))].join(" ");
    }
  }

  /** What was written before marks were kept is of whoever is here. */
  #isMine(repair: Repair): boolean {
    return repair.account === undefined || repair.account === this.element.dataset["account"];
  }

  #mark(stop: HTMLElement, repair: Repair | undefined): void {
    stop.dataset["repair"] = repair?.state ?? "";
    stop.classList.toggle("done", repair === undefined ? stop.querySelector("details") === null && stop.dataset["open"] === undefined : repair.state !== "refused");
    stop.querySelectorAll<HTMLElement>("[data-state-tag]").forEach((tag) => (tag.hidden = tag.dataset["stateTag"] !== repair?.state));
    const form = stop.querySelector<HTMLDetailsElement>("details");
    if (form !== null) {
      form.hidden = repair !== undefined && repair.state !== "refused";
    }
    const faults = stop.querySelector<HTMLElement>("[data-part=faults]");
    if (faults !== null) {
      faults.hidden = repair?.state !== "refused";
      faults.replaceChildren(...(repair?.faults ?? []).map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    }
    const discard = stop.querySelector<HTMLElement>("[data-part=discard]");
    if (discard !== null) {
      discard.hidden = repair?.state !== "refused";
      discard.querySelector("button")!.onclick = () => void this.#discard(stop.dataset["stop"]!);
    }
    if (repair?.state === "refused") {
      this.#giveBack(stop, repair);
    }
  }

  async #discard(number: string): Promise<void> {
    if (confirm(this.element.dataset["sure"] ?? "")) {
      const refused = (await repairs.all()).filter((repair) => repair.number === number && repair.state === "refused" && this.#isMine(repair));
      await Promise.all(refused.map((repair) => repairs.remove(repair.clientId)));
      await this.#show();
    }
  }

  /** What was refused stands in its form again, to be mended. */
  #giveBack(stop: HTMLElement, repair: Repair): void {
    const [words, files] = [stop.querySelector("textarea"), stop.querySelector<HTMLInputElement>("input[type=file]")];
    if (words !== null && words.value === "") {
      words.value = repair.words;
    }
    if (files !== null && files.files?.length === 0 && repair.photos.length > 0) {
      const transfer = new DataTransfer();
      repair.photos.forEach((photo, at) => transfer.items.add(new File([photo], `photo-${at + 1}.jpg`, { type: photo.type })));
      files.files = transfer.files;
      files.dispatchEvent(new Event("change"));
    }
  }
}
