// <zn-photo>: around a file input that works alone. Photos are shown, shrunk to 2,560 px, turned into JPEG (so HEIC and AVIF too, where the browser reads them),
// and put back into the input, so that the form sends them as it would anyway. Drawing them anew drops everything a camera wrote into them; place and time
// are offered first, as boxes to tick.
import { readTaken, type Taken } from "./exif";

const LONGEST_PX = 2560;
const JPEG_QUALITY = 0.86;

interface Photo {
  readonly file: File;
  readonly card: HTMLElement;
}

class PhotoPicker extends HTMLElement {
  readonly #photos: Photo[] = [];
  #list!: HTMLUListElement;
  #offers!: HTMLDivElement;
  #status!: HTMLParagraphElement;
  #input!: HTMLInputElement;

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>('input[type="file"]');
    if (input === null || this.#list !== undefined) {
      return;
    }
    this.#input = input;
    this.#list = document.createElement("ul");
    this.#list.className = "photos";
    this.#list.role = "list";
    this.#offers = document.createElement("div");
    this.#status = document.createElement("p");
    this.#status.className = "spoken";
    this.#status.role = "status";
    this.append(this.#list, this.#offers, this.#status);
    this.setAttribute("ready", "");
    input.accept = "image/*";
    input.addEventListener("change", () => void this.#take([...(input.files ?? [])]));
    this.addEventListener("zn-empty", () => {
      for (const photo of [...this.#photos]) {
        this.#remove(photo.card, false);
      }
      this.#offers.replaceChildren();
    });
    this.addEventListener("dragover", (event) => event.preventDefault());
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.#take([...(event.dataTransfer?.files ?? [])]);
    });
  }

  get #most(): number {
    return Number(this.getAttribute("max") ?? "4");
  }

  async #take(files: File[]): Promise<void> {
    const room = this.#most - this.#photos.length;
    if (files.length > room) {
      this.#say(this.dataset["tooMany"] ?? "");
    }
    for (const file of files.slice(0, room)) {
      await this.#add(file);
    }
    this.#putBack();
  }

  async #add(file: File): Promise<void> {
    const card = this.#card(file.name);
    const taken = await readTaken(file);
    const small = await shrink(file).catch(() => null);
    if (small === null && !/^image\/(jpeg|png|webp)$/.test(file.type)) {
      card.remove();
      this.#say((this.dataset["unreadable"] ?? "").replace("{0}", file.name));
      return;
    }
    const kept = small ?? file;
    const image = document.createElement("img");
    image.alt = file.name;
    image.src = URL.createObjectURL(kept);
    card.querySelector("progress")?.replaceWith(image);
    this.#photos.push({ file: kept, card });
    this.#offer(taken);
    this.#say((this.dataset["added"] ?? "").replace("{0}", String(this.#photos.length)));
  }

  #card(name: string): HTMLElement {
    const item = document.createElement("li");
    const card = document.createElement("div");
    card.className = "photo";
    const title = document.createElement("span");
    title.className = "name";
    title.textContent = name;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button quiet small";
    remove.textContent = this.dataset["remove"] ?? "×";
    remove.setAttribute("aria-label", `${remove.textContent}: ${name}`);
    remove.addEventListener("click", () => this.#remove(item));
    card.append(document.createElement("progress"), title, remove);
    item.append(card);
    this.#list.append(item);
    return item;
  }

  #remove(card: HTMLElement, byHand = true): void {
    const at = this.#photos.findIndex((photo) => photo.card === card);
    if (at >= 0) {
      this.#photos.splice(at, 1);
    }
    const image = card.querySelector("img");
    if (image !== null) {
      URL.revokeObjectURL(image.src);
    }
    card.remove();
    this.#putBack();
    if (!byHand) {
      return;
    }
    this.#input.focus();
    this.#say((this.dataset["added"] ?? "").replace("{0}", String(this.#photos.length)));
  }

  /** What the form will send: our photos in place of the files chosen. */
  #putBack(): void {
    const transfer = new DataTransfer();
    for (const photo of this.#photos) {
      transfer.items.add(photo.file);
    }
    this.#input.files = transfer.files;
    this.#input.disabled = false;
    this.toggleAttribute("full", this.#photos.length >= this.#most);
  }

  /** The first photo that knows its place or time offers them; a box left empty sends nothing. */
  #offer(taken: Taken): void {
    const offers: [string, string | undefined, string | undefined][] = [
      [
        this.dataset["placeName"] ?? "",
        taken.lon === undefined || taken.lat === undefined ? undefined : `${taken.lon.toFixed(6)},${taken.lat.toFixed(6)}`,
        this.dataset["offerPlace"],
      ],
      [this.dataset["timeName"] ?? "", taken.time, this.dataset["offerTime"]],
    ];
    this.#offerTime(taken.time);
    for (const [name, value, words] of offers) {
      if (name === "" || value === undefined || words === undefined || this.#offers.querySelector(`input[name="${name}"]`) !== null) {
        continue;
      }
      const row = document.createElement("div");
      row.className = "choice";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.name = name;
      box.value = value;
      box.id = `offer-${name}`;
      const label = document.createElement("label");
      label.htmlFor = box.id;
      label.textContent = words.replace("{0}", inWords(value));
      row.append(box, label);
      this.#offers.append(row);
    }
  }

  /** Where the form asks for a time, that of the photo can be taken for it; what is typed there stays. */
  #offerTime(time: string | undefined): void {
    const fields = [...(this.closest("form")?.querySelectorAll<HTMLInputElement>("input[type=datetime-local]") ?? [])];
    const field = this.hasAttribute("data-fills-time") ? fields.find((one) => !one.matches(":disabled") && one.value === "") : undefined;
    const words = this.dataset["offerTime"];
    if (time === undefined || words === undefined || field === undefined || this.#offers.querySelector("#offer-time") !== null) {
      return;
    }
    const value = time.slice(0, 16);
    const row = document.createElement("div");
    row.className = "choice";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.id = "offer-time";
    box.addEventListener("change", () => {
      if (field.value === (box.checked ? "" : value)) {
        field.value = box.checked ? value : "";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    field.addEventListener("input", () => {
      box.checked = field.value === value;
      box.disabled = field.value !== "" && !box.checked;
    });
    const label = document.createElement("label");
    label.htmlFor = box.id;
    label.textContent = words.replace("{0}", inWords(time));
    row.append(box, label);
    this.#offers.append(row);
  }

  #say(words: string): void {
    this.#status.textContent = words;
  }
}

/** A time of the camera in the reader's words; anything else as it is. */
function inWords(value: string): string {
  const time = /^\d{4}-/.test(value) ? new Date(value.slice(0, 19)) : null;
  return time === null ? value : time.toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
}

/** The photo upright, at most 2,560 px long, as JPEG. */
async function shrink(file: File): Promise<File> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const brush = canvas.getContext("2d");
  if (brush === null) {
    throw new Error("no canvas");
  }
  brush.imageSmoothingQuality = "high";
  brush.fillStyle = "#ffffff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", JPEG_QUALITY));
  if (blob === null) {
    throw new Error("no picture");
  }
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: 0 });
}

customElements.define("zn-photo", PhotoPicker);
