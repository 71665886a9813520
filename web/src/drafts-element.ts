// <zn-drafts>: reports that wait on this device. The part that does it is loaded only where it is used, and by who has something waiting.

class DraftsElement extends HTMLElement {
  connectedCallback(): void {
    void this.#start();
  }

  async #start(): Promise<void> {
    try {
      const { startDrafts } = await import("./drafts/list");
      await startDrafts(this);
    } catch (fault) {
      console.warn("nothing can be kept on this device", fault);
    }
  }
}

if ("serviceWorker" in navigator && "indexedDB" in window && "locks" in navigator) {
  customElements.define("zn-drafts", DraftsElement);
}
