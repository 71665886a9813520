// <zn-follow src="/fr/reports/new/nearby" fields="f-lon f-lat" from="1">: keeps its content in step with form fields. Whenever one of them changes it asks the
// server for src with their names and values and shows the piece of page that comes back. Without JavaScript the form's own button does the same.

const QUIET_MS = 250;

class Follow extends HTMLElement {
  #timer = 0;
  #asked = "";
  #stop = new AbortController();

  connectedCallback(): void {
    this.#stop = new AbortController();
    for (const field of this.#fields()) {
      field.addEventListener("input", () => this.#soon(), { signal: this.#stop.signal });
    }
  }

  disconnectedCallback(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  #fields(): HTMLInputElement[] {
    const ids = (this.getAttribute("fields") ?? "").split(" ");
    return ids.map((id) => document.getElementById(id)).filter((field) => field instanceof HTMLInputElement);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), QUIET_MS);
  }

  async #ask(): Promise<void> {
    const shortest = Number(this.getAttribute("from") ?? "1");
    const query = new URLSearchParams();
    for (const field of this.#fields()) {
      query.set(field.name, field.value.trim());
    }
    if ([...query.values()].some((value) => value.length < shortest)) {
      this.replaceChildren();
      this.#asked = "";
      return;
    }
    const address = `${this.getAttribute("src") ?? ""}?${query.toString()}`;
    if (address === this.#asked) {
      return;
    }
    this.#asked = address;
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: this.#stop.signal }).catch(() => null);
    if (answer?.ok === true && address === this.#asked) {
      this.innerHTML = await answer.text();
    }
  }
}

customElements.define("zn-follow", Follow);
