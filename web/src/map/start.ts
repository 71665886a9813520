// The live map: pan and zoom by hand and by keyboard; in mode "pick" the place is what lies under the pin in the middle.
import { AttributionControl, Map as LiveMap, setWorkerUrl, type MapGeoJSONFeature, type StyleSpecification } from "maplibre-gl";
import { coloursOf, over, styleOf } from "./paint";
import { addPins, addStops } from "./pins";

const OVERVIEW_ZOOM_MAX = 13;
const TAP_ZOOM_MAX = 18;

const number = (element: Element, name: string, otherwise: number): number => {
  const value = Number.parseFloat(element.getAttribute(name) ?? "");
  return Number.isFinite(value) ? value : otherwise;
};

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** The style of elsewhere that the map lies on, when the installation names one; without it, or when it does not come, the map stands alone. */
async function underOf(element: HTMLElement): Promise<StyleSpecification | null> {
  const address = element.getAttribute("under");
  if (address === null) {
    return null;
  }
  try {
    const answer = await fetch(address, { credentials: "omit" });
    return answer.ok ? ((await answer.json()) as StyleSpecification) : null;
  } catch {
    return null;
  }
}

/** Builds the map inside its element; resolves to what takes it away again. */
export async function startMap(element: HTMLElement): Promise<() => void> {
  const stage = element.querySelector<HTMLElement>(".stage");
  if (stage === null) {
    throw new Error("zn-map without its .stage");
  }
  setWorkerUrl(element.getAttribute("worker") ?? "");
  const pick = element.getAttribute("mode") === "pick";
  const layers = (element.getAttribute("layers") ?? "areas").split(",");
  const under = await underOf(element);
  const paint = (): StyleSpecification => {
    const ours = styleOf(layers, element.getAttribute("query") ?? "", coloursOf(element));
    return under === null ? ours : over(under, ours);
  };
  stage.hidden = false;
  const map = new LiveMap({
    container: stage,
    style: paint(),
    center: [number(element, "lon", 4.3517), number(element, "lat", 50.8466)],
    zoom: zoomOf(element, stage),
    minZoom: 6,
    maxZoom: 19,
    attributionControl: false,
    cooperativeGestures: !pick,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    fadeDuration: still.matches ? 0 : 150,
    locale: {
      "Map.Title": element.dataset["title"] ?? "",
      "CooperativeGesturesHandler.WindowsHelpText": element.dataset["zoomHelp"] ?? "",
      "CooperativeGesturesHandler.MacHelpText": element.dataset["zoomHelp"] ?? "",
      "CooperativeGesturesHandler.MobileHelpText": element.dataset["fingersHelp"] ?? "",
    },
  });
  if (under !== null) {
    map.addControl(new AttributionControl({ compact: false }), "bottom-left");
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.on("style.load", () => {
    addPins(map, coloursOf(element));
    mark(element, map);
    addStops(map, coloursOf(element), element.getAttribute("stops") ?? "");
  });
  map.once("load", () => element.setAttribute("ready", ""));

  const stop = new AbortController();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => map.setStyle(paint(), { diff: false }), { signal: stop.signal });
  buttons(element, map, stop.signal);
  if (pick) {
    picking(element, map, stop.signal);
  } else {
    showing(element, map, layers);
  }
  return () => {
    stop.abort();
    map.remove();
    element.removeAttribute("ready");
  };
}

/** An overview shows on a large stage what the drawn map shows on its small one, whose tiles are half as wide as ours; a place that is near keeps its zoom. */
function zoomOf(element: HTMLElement, stage: HTMLElement): number {
  const zoom = number(element, "zoom", 12);
  const larger = Math.min(stage.clientWidth / number(element, "width", 320), stage.clientHeight / number(element, "height", 320));
  return zoom > OVERVIEW_ZOOM_MAX || larger <= 0 ? zoom : zoom - 1 + Math.log2(larger);
}

/** The one place that the map is about: `pin="4.35,50.84"`. */
function mark(element: HTMLElement, map: LiveMap): void {
  const [lon = Number.NaN, lat = Number.NaN] = (element.getAttribute("pin") ?? "").split(",").map(Number.parseFloat);
  if (Number.isFinite(lon) && Number.isFinite(lat)) {
    map.addSource("place", { type: "geojson", data: { type: "Point", coordinates: [lon, lat] } });
    map.addLayer({ id: "place", type: "symbol", source: "place", layout: { "icon-image": "pin-place", "icon-anchor": "bottom", "icon-allow-overlap": true } });
  }
}

/** The map's own buttons, written by the server, hidden until now. */
function buttons(element: HTMLElement, map: LiveMap, signal: AbortSignal): void {
  const bar = element.querySelector<HTMLElement>(".bar");
  bar?.removeAttribute("hidden");
  bar?.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button") : null;
      const does = button?.dataset["does"];
      if (does === "in" || does === "out") {
        map.zoomTo(Math.round(map.getZoom()) + (does === "in" ? 1 : -1), { animate: !still.matches });
      } else if (does === "locate" && button !== null) {
        locate(element, map, button);
      }
    },
    { signal },
  );
}

function locate(element: HTMLElement, map: LiveMap, button: HTMLButtonElement): void {
  const says = element.querySelector<HTMLElement>(".says");
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.removeAttribute("aria-busy");
      const accuracy = field(element, "accuracy");
      if (accuracy !== null) {
        accuracy.value = coords.accuracy.toFixed(0);
      }
      map.jumpTo({ center: [coords.longitude, coords.latitude], zoom: Math.max(map.getZoom(), 17) }, { chosen: true });
    },
    () => {
      button.removeAttribute("aria-busy");
      if (says !== null) {
        says.textContent = element.dataset["noPosition"] ?? "";
      }
    },
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
  );
}

/** The input whose id the attribute `{name}-field` gives. */
function field(element: HTMLElement, name: string): HTMLInputElement | null {
  const found = document.getElementById(element.getAttribute(`${name}-field`) ?? "");
  return found instanceof HTMLInputElement ? found : null;
}

/** A place chosen by hand is as accurate as the hand, not as the device. */
function forgetAccuracy(element: HTMLElement): void {
  const accuracy = field(element, "accuracy");
  if (accuracy !== null) {
    accuracy.value = "";
  }
}

/** What a move was made by, when it was us. */
interface MovedBy {
  readonly chosen?: boolean;
  readonly typed?: boolean;
}

/** The pin stands still, the map moves under it; longitude and latitude follow, and the map follows them when they are typed. */
function picking(element: HTMLElement, map: LiveMap, signal: AbortSignal): void {
  const [lon, lat] = [field(element, "lon"), field(element, "lat")];
  if (lon === null || lat === null) {
    return;
  }
  map.on("movestart", () => element.setAttribute("moving", ""));
  map.on("moveend", (event) => {
    const { chosen, typed } = event as MovedBy;
    const byHand = (event as { originalEvent?: Event }).originalEvent !== undefined;
    element.removeAttribute("moving");
    // Where the map happens to open is no choice; what a hand or a key did is.
    if (typed === true || (chosen !== true && !byHand && lon.value === "")) {
      return;
    }
    const { lng, lat: north } = map.getCenter();
    lon.value = lng.toFixed(6);
    lat.value = north.toFixed(6);
    if (byHand) {
      forgetAccuracy(element);
    }
    lon.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // A tap brings its place under the pin, and one step nearer, as on the drawn map.
  map.on("click", ({ lngLat }) => {
    forgetAccuracy(element);
    map.easeTo({ center: lngLat, zoom: Math.max(map.getZoom(), Math.min(map.getZoom() + 1, TAP_ZOOM_MAX)), animate: !still.matches }, { chosen: true });
  });
  const follow = (event: Event): void => {
    const [x, y] = [Number.parseFloat(lon.value), Number.parseFloat(lat.value)];
    if (event.isTrusted && Math.abs(x) <= 180 && Math.abs(y) <= 85) {
      map.jumpTo({ center: [x, y] }, { typed: true });
    }
  };
  lon.addEventListener("change", follow, { signal });
  lat.addEventListener("change", follow, { signal });
}

/** A click opens what lies there: a cluster by zooming in, a thing by its card, a piece of page from the server. */
function showing(element: HTMLElement, map: LiveMap, layers: readonly string[]): void {
  const things = layers.filter((layer) => layer !== "areas");
  const painted = things.flatMap((layer) => [`${layer}-one`, `${layer}-many`]);
  map.on("click", (event) => {
    const { x, y } = event.point;
    const [hit] = map.queryRenderedFeatures([[x - 8, y - 8], [x + 8, y + 8]], { layers: painted });
    closeCard(element);
    if (hit?.properties["count"] !== undefined) {
      const [lon = 0, lat = 0] = hit.geometry.type === "Point" ? hit.geometry.coordinates : [];
      map.easeTo({ center: [lon, lat], zoom: map.getZoom() + 2, animate: !still.matches });
    } else if (hit !== undefined) {
      void openCard(element, hit);
    }
  });
  map.on("mousemove", (event) => {
    map.getCanvas().classList.toggle("over", map.queryRenderedFeatures(event.point, { layers: painted }).length > 0);
  });
}

function closeCard(element: HTMLElement): void {
  element.querySelector(".card-over")?.remove();
}

async function openCard(element: HTMLElement, thing: MapGeoJSONFeature): Promise<void> {
  const address = element.getAttribute("card")?.replace("{id}", encodeURIComponent(String(thing.properties["id"] ?? "")));
  const answer = address === undefined ? null : await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok !== true) {
    return;
  }
  const card = document.createElement("div");
  card.className = "card-over";
  card.append(...cardOf(await answer.text(), address ?? ""));
  closeCard(element);
  element.append(card);
  card.querySelector<HTMLElement>("a")?.focus();
}

/** What a page says in short: its heading as a link to it, and what it marks with data-card. */
function cardOf(page: string, address: string): Node[] {
  const told = new DOMParser().parseFromString(page, "text/html");
  const title = document.createElement("a");
  title.href = address;
  title.className = "title";
  title.textContent = told.querySelector("h1")?.textContent ?? told.title;
  return [title, ...(told.querySelector("[data-card]")?.childNodes ?? [])];
}
