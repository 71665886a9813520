// <zn-live topic="report:ID" says="This page was updated">: listens to /live/{topic}; on an event it reads the page again and puts the new content of every
// element marked data-live (each with an id) in place of the old. Nothing is swapped under a hand that is typing; the scroll position stays. since="POSITION" is how
// far the page had read the log: what happened before the stream was open is told too. Something marked data-again is not finished and is asked for again.

const QUIET_MS = 400;
const AGAIN_MS = 1500;
const AGAIN_MAX = 20;

class Live extends HTMLElement {
  #source: EventSource | null = null;
  #timer = 0;
  #missed = false;
  #asked = 0;
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
      this.#open();
      if (this.#missed) {
        this.#missed = false;
        void this.#read();
      }
    }
  };

  #open(): void {
    const since = this.getAttribute("since");
    this.#source = new EventSource(`/live/${this.getAttribute("topic") ?? ""}${since === null ? "" : `?after=${since}`}`);
    this.#source.onmessage = () => this.#soon();
    for (const name of (this.getAttribute("events") ?? "").split(" ").filter((word) => word !== "")) {
      this.#source.addEventListener(name, () => this.#soon());
    }
  }

  #close(): void {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#timer);
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
    let changed = false;
    for (const old of document.querySelectorAll<HTMLElement>("[data-live][id]")) {
      const next = fresh.getElementById(old.id);
      if (next !== null && next.innerHTML !== old.dataset["was"] && next.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) {
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

customElements.define("zn-live", Live);
