// <zn-round>: the page of a round, which works without a network. The part that does it is loaded only there. Whoever signs out leaves no copy of a round behind.

class RoundElement extends HTMLElement {
  connectedCallback(): void {
    void this.#start();
  }

  async #start(): Promise<void> {
    try {
      const { startRound } = await import("./rounds/round");
      await startRound(this);
    } catch (fault) {
      console.warn("nothing can be kept on this device", fault);
    }
  }
}

if ("serviceWorker" in navigator && "indexedDB" in window && "locks" in navigator) {
  customElements.define("zn-round", RoundElement);
}

document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.action.endsWith("/sign-out") && "caches" in window) {
    const form = event.target;
    event.preventDefault();
    void import("./rounds/copies").then(({ forgetRounds }) => forgetRounds()).catch(() => undefined).then(() => form.submit());
  }
});
