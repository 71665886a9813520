// The form of a report that needs no network: what is typed is kept while it is typed, and put with those that wait when its writer says so.
import { writer } from "../account";
import { instant, localTime } from "./zone";
import { all, alone, find, isOpen, keep, type Draft, type Sent } from "./store";

const QUIET_MS = 400;

export class DraftForm {
  #clientId: string = crypto.randomUUID();
  #madeAt = Date.now();
  #timer = 0;

  constructor(readonly form: HTMLFormElement, readonly lang: string, readonly kept: () => void) {}

  async start(): Promise<void> {
    const begun = (await all()).findLast((draft) => draft.state === "begun");
    if (begun !== undefined) {
      this.#load(begun);
    }
    this.form.addEventListener("input", () => this.#soon());
    this.form.addEventListener("change", () => {
      this.#ask();
      this.#soon();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      void this.#putAway();
    }, { capture: true });
    this.form.querySelector("[data-locate]")?.addEventListener("click", () => this.#locate());
    this.#ask();
  }

  /** Goes on with a draft, unless it was sent or deleted in between: from now on it waits for its writer. */
  async edit(clientId: string): Promise<void> {
    clearTimeout(this.#timer);
    const draft = await alone(async () => {
      const now = await find(clientId);
      if (now === undefined || !isOpen(now)) {
        return null;
      }
      await keep({ ...now, state: "begun" });
      return now;
    });
    if (draft !== null) {
      this.#load(draft);
      this.form.scrollIntoView();
      this.form.querySelector<HTMLElement>("select, input:not([type=hidden])")?.focus();
    }
  }

  /** Begins anew when this is the draft in the form. */
  drop(clientId: string): void {
    if (clientId === this.#clientId) {
      this.#empty();
    }
  }

  #load(draft: Draft): void {
    const { report } = draft;
    this.form.reset();
    this.#clientId = draft.clientId;
    this.#madeAt = draft.madeAt;
    this.#set("category", report.category);
    this.#set("description", report.description);
    this.#set("address", report.address ?? "");
    this.#set("lon", report.lon === undefined ? "" : String(report.lon));
    this.#set("lat", report.lat === undefined ? "" : String(report.lat));
    this.#set("accuracy", report.accuracyM === undefined ? "" : String(report.accuracyM));
    for (const [name, value] of Object.entries(report.contact ?? {})) {
      this.#set(`contact.${name}`, value);
    }
    this.#ask();
    for (const [code, values] of Object.entries(report.answers ?? {})) {
      this.#answer(`${report.category}/${code}`, values);
    }
    this.#photos(draft.photos);
  }

  /** Keeps what is typed, so that a closed page loses nothing. */
  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void keep(this.#draft("begun")), QUIET_MS);
  }

  async #putAway(): Promise<void> {
    clearTimeout(this.#timer);
    const address = this.#field("address") as HTMLInputElement;
    const placed = address.value.trim() !== "" || this.#value("lon") !== "" || this.form.querySelector("input[name=photoPlace]:checked") !== null;
    address.setCustomValidity(placed ? "" : (this.form.dataset["placeNeeded"] ?? ""));
    if (!this.form.reportValidity()) {
      return;
    }
    this.#warn();
    try {
      await keep(this.#draft("waiting"));
    } catch {
      alert(this.form.dataset["full"] ?? "");
      return;
    }
    this.#empty();
    this.kept();
  }

  /** What the words tell of a person, by the patterns of the server, is taken out when the writer says so. */
  #warn(): void {
    const patterns = (JSON.parse(this.form.dataset["telling"] ?? "[]") as string[]).map((source) => new RegExp(source, "gu"));
    const fields = [...this.form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[name=description], fieldset[data-category]:enabled :is(textarea, input[type=text]:not([inputmode]))")];
    const found = [...new Set(fields.flatMap((field) => patterns.flatMap((pattern) => field.value.match(pattern) ?? [])))];
    if (found.length > 0 && confirm((this.form.dataset["tellingSure"] ?? "").replace("{0}", found.join(", ")))) {
      for (const field of fields) {
        field.value = patterns.reduce((text, pattern) => text.replace(pattern, "…"), field.value);
      }
    }
  }

  #empty(): void {
    this.form.reset();
    this.form.querySelectorAll("zn-photo").forEach((picker) => picker.dispatchEvent(new CustomEvent("zn-empty")));
    this.#set("lon", "");
    this.#set("lat", "");
    this.#set("accuracy", "");
    this.form.querySelector("textarea")?.dispatchEvent(new Event("input", { bubbles: true })); // What counts its letters hears it.
    clearTimeout(this.#timer);
    this.#clientId = crypto.randomUUID();
    this.#madeAt = Date.now();
    this.#ask();
  }

  #draft(state: "begun" | "waiting"): Draft {
    const category = this.#field("category") as HTMLSelectElement;
    const title = category.value === "" ? "–" : (category.selectedOptions[0]?.textContent ?? "");
    const photos = [...(this.form.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [])];
    return { clientId: this.#clientId, madeAt: this.#madeAt, title, report: this.#report(category.value), photos, writer: writer(), state, attempts: 0, nextAt: 0 };
  }

  #report(category: string): Sent {
    const data = new FormData(this.form);
    const text = (name: string): string => String(data.get(name) ?? "").trim();
    const number = (name: string): number | undefined => (text(name) === "" ? undefined : Number(text(name).replace(",", ".")));
    const [photoLon, photoLat] = text("photoPlace").split(",").map(Number);
    const [lon, lat] = photoLon !== undefined && photoLat !== undefined ? [photoLon, photoLat] : [number("lon"), number("lat")];
    const accuracyM = photoLat === undefined ? number("accuracy") : undefined;
    const answers: Record<string, string[]> = {};
    for (const [name, value] of data) {
      if (name.startsWith(`${category}/`) && typeof value === "string" && value.trim() !== "") {
        (answers[name.slice(category.length + 1)] ??= []).push(this.#said(this.form.elements.namedItem(name), value.trim()));
      }
    }
    const contact = Object.fromEntries(["email", "name", "phone"].map((name) => [name, text(`contact.${name}`)]).filter(([, value]) => value !== ""));
    return {
      category, lang: this.lang, description: text("description"), subscribe: "email" in contact,
      ...(text("address") === "" ? {} : { address: text("address") }),
      ...(lon === undefined || lat === undefined ? {} : { lon, lat }),
      ...(accuracyM === undefined ? {} : { accuracyM }),
      ...(Object.keys(answers).length === 0 ? {} : { answers }),
      ...(Object.keys(contact).length === 0 ? {} : { contact }),
    };
  }

  /** Shows the questions of the chosen category alone, and asks for a contact where it is needed. */
  #ask(): void {
    const category = this.#field("category") as HTMLSelectElement;
    for (const part of this.form.querySelectorAll<HTMLFieldSetElement>("fieldset[data-category]")) {
      part.hidden = part.disabled = part.dataset["category"] !== category.value;
    }
    const email = this.#field("contact.email") as HTMLInputElement;
    email.required = this.#value("contact.phone") === "" && (this.form.dataset["contact"] ?? "").split(" ").includes(category.value);
  }

  get #zone(): string {
    return this.form.dataset["zone"] ?? "UTC";
  }

  /** An answer as the API takes it: a time on the clocks of the city with its zone, a number with a point. */
  #said(field: RadioNodeList | Element | null, value: string): string {
    if (!(field instanceof HTMLInputElement)) {
      return value;
    }
    return field.type === "datetime-local" ? instant(value, this.#zone) : field.inputMode === "decimal" ? value.replace(",", ".") : value;
  }

  #locate(): void {
    const says = this.form.querySelector<HTMLElement>("[data-position]");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.#set("lon", coords.longitude.toFixed(6));
        this.#set("lat", coords.latitude.toFixed(6));
        this.#set("accuracy", String(Math.round(coords.accuracy)));
        if (says !== null) {
          says.textContent = (says.dataset["position"] ?? "").replace("{0}", String(Math.round(coords.accuracy)));
        }
        this.#soon();
      },
      () => {
        if (says !== null) {
          says.textContent = says.dataset["none"] ?? "";
        }
      },
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  }

  #answer(name: string, values: readonly string[]): void {
    for (const field of this.form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = values.includes(field.value);
      } else {
        field.value = field.type === "datetime-local" && values[0] !== undefined ? localTime(values[0], this.#zone) : (values[0] ?? "");
      }
    }
  }

  #photos(photos: readonly Blob[]): void {
    const input = this.form.querySelector<HTMLInputElement>("input[type=file]");
    this.form.querySelectorAll("zn-photo").forEach((picker) => picker.dispatchEvent(new CustomEvent("zn-empty")));
    if (input === null || photos.length === 0) {
      return;
    }
    const transfer = new DataTransfer();
    photos.forEach((photo, at) => transfer.items.add(new File([photo], `photo-${at + 1}.jpg`, { type: photo.type })));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change"));
  }

  #field(name: string): HTMLElement {
    const field = this.form.elements.namedItem(name);
    if (!(field instanceof HTMLElement)) {
      throw new Error(`no field ${name}`);
    }
    return field;
  }

  #value(name: string): string {
    return (this.#field(name) as HTMLInputElement).value.trim();
  }

  #set(name: string, value: string): void {
    (this.#field(name) as HTMLInputElement).value = value;
  }
}
