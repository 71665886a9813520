// <zn-map>: holds a server-drawn map; when it comes into view the live map (a part of its own, loaded only then) takes its place.
// If that fails (no WebGL, no network) the server-drawn one simply stays.

class MapElement extends HTMLElement {
  #watch: IntersectionObserver | null = null;
  #leave: (() => void) | null = null;

  connectedCallback(): void {
    this.#watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        this.#watch?.disconnect();
        void this.#start();
      }
    });
    this.#watch.observe(this);
  }

  disconnectedCallback(): void {
    this.#watch?.disconnect();
    this.#leave?.();
    this.#leave = null;
  }

  async #start(): Promise<void> {
    try {
      const { startMap } = await import("./map/start");
      if (this.isConnected) {
        const leave = await startMap(this);
        if (this.isConnected) {
          this.#leave = leave;
        } else {
          leave(); // Taken away while it was built.
        }
      }
    } catch (fault) {
      console.warn("the live map did not start; the drawn one stays", fault);
    }
  }
}

customElements.define("zn-map", MapElement);
