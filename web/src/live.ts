// <zn-live topic="report:ID" says="This page was updated">: listens to /live/{topic}; on an event it reads the page again and puts the new content of every
// element marked data-live (each with an id) in place of the old. Nothing is swapped under a hand that is typing, nor what is filled in; the scroll position stays. since="POSITION" is how
// far the page had read the log: what happened before the stream was open is told too. An event "reload" says that too much was missed to be told. Something marked data-again is not finished and is asked for again.

const QUIET_MS = 400;
const AGAIN_MS = 1500;
const AGAIN_MAX = 20;

/** The first wait before a line that the server refused is opened again; doubled each time, up to the longest. */
const RETRY_MS = 2000;
const RETRY_MAX_MS = 60_000;

class Live extends HTMLElement {
  #source: EventSource | null = null;
  #timer = 0;
  #missed = false;
  #asked = 0;
  #retry = 0;
  #refused = 0;

  /** The last event heard on any line of this page. */
  #heard = 0;

  readonly #status = document.createElement("p");

  connectedCallback(): void {
    this.#status.className = "spoken";
    this.#status.role = "status";
    this.append(this.#status);
    document.addEventListener("visibilitychange", this.#look);
    this.#look();
    this.#again();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#look);
    this.#close();
  }

  /** A hidden page holds no connection; when it is seen again it reads what it missed. */
  readonly #look = (): void => {
    if (document.hidden) {
      this.#close();
      this.#missed = true;
    } else if (this.#source === null) {
      void this.#resume();
    }
  };

  /** Reads first: the page then says up to where it has read, and the line begins there. */
  async #resume(): Promise<void> {
    if (this.#missed) {
      this.#missed = false;
      await this.#read();
    }
    if (!document.hidden && this.isConnected && this.#source === null) {
      this.#open();
    }
  }

  #open(): void {
    const after = Math.max(this.#heard, Number(this.getAttribute("since") ?? 0));
    this.#source = new EventSource(`/live/${this.getAttribute("topic") ?? ""}${after > 0 ? `?after=${after}` : ""}`);
    const hear = (event: MessageEvent): void => {
      this.#heard = Math.max(this.#heard, Number(event.lastEventId));
      this.#soon();
    };
    this.#source.onmessage = hear;
    this.#source.onopen = (): void => {
      this.#refused = 0;
    };
    this.#source.onerror = (): void => this.#later();
    for (const name of ["reload", ...(this.getAttribute("events") ?? "").split(" ").filter((word) => word !== "")]) {
      this.#source.addEventListener(name, hear);
    }
  }

  /**
   * A line that broke is opened again by the browser; one that was answered with anything but 200 is given up by it: at a restart behind a proxy (502), or when the server is
   * full (503, 429). So that not everybody comes back at the same moment, chance shortens the wait by up to half.
   */
  #later(): void {
    if (this.#source?.readyState !== EventSource.CLOSED) {
      return;
    }
    this.#close();
    const wait = Math.min(RETRY_MS * 2 ** this.#refused++, RETRY_MAX_MS);
    this.#retry = window.setTimeout(() => {
      this.#missed = true;
      this.#look();
    }, wait * (1 - Math.random() / 2));
  }

  #close(): void {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
  }

  #soon(wait = QUIET_MS): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#read(), wait);
  }

  #again(): void {
    if (this.#asked < AGAIN_MAX && document.querySelector("[data-live] [data-again]") !== null) {
      this.#asked++;
      this.#soon(AGAIN_MS);
    }
  }

  async #read(): Promise<void> {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-cache" }).catch(() => null);
    if (answer?.ok !== true) {
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const read = fresh.querySelector(`zn-live[topic="${CSS.escape(this.getAttribute("topic") ?? "")}"]`)?.getAttribute("since");
    if (read !== null && read !== undefined) {
      this.#heard = Math.max(this.#heard, Number(read));
    }
    let changed = false;
    for (const old of document.querySelectorAll<HTMLElement>("[data-live][id]")) {
      const next = fresh.getElementById(old.id);
      if (next !== null && next.innerHTML !== old.dataset["was"] && next.innerHTML !== old.innerHTML && !old.contains(document.activeElement) && !isFilled(old)) {
        old.innerHTML = next.innerHTML;
        old.dataset["was"] = next.innerHTML;
        old.dataset["liveChanged"] = "";
        old.addEventListener("animationend", () => delete old.dataset["liveChanged"], { once: true });
        changed = true;
      }
    }
    if (changed) {
      this.#status.textContent = this.getAttribute("says");
    }
    this.#again();
  }
}

/** Somebody has written or chosen something in a form of it that is not sent yet. */
const isFilled = (element: HTMLElement): boolean =>
  [...element.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].some(
    (field) => field.value !== field.defaultValue || (field instanceof HTMLInputElement && field.checked !== field.defaultChecked),
  );

customElements.define("zn-live", Live);
