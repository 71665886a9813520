// Pins drawn with the tokens' colours: the bucket is told by the sign inside, the colour only helps.
import type { Map as LiveMap } from "maplibre-gl";
import { BUCKETS, type Colour } from "./paint";

/** The pin of a single place is drawn this much larger. */
const PLACE_SCALE = 1.5;
const WIDTH = 28;
const HEIGHT = 34;
const OUTLINE = new Path2D("M14 33C9 25 2 20 2 13.500a12 12 0 0 1 24 0C26 20 19 25 14 33z");

/** Signs in a box of 12 by 12 around (14, 14). */
const SIGNS: Record<(typeof BUCKETS)[number], { path: Path2D; filled: boolean; colour: string }> = {
  received: { path: new Path2D("M14 11a3 3 0 1 1 0 6a3 3 0 1 1 0-6"), filled: true, colour: "yellow" },
  inProgress: { path: new Path2D("M9 14h.01M14 14h.01M19 14h.01"), filled: false, colour: "blue" },
  solved: { path: new Path2D("M9.500 14l3 3.500l6-7"), filled: false, colour: "green" },
  notDone: { path: new Path2D("M9.500 14h9"), filled: false, colour: "ink-soft" },
};

/** Gives the map its pins, anew after each change of colours. */
export function addPins(map: LiveMap, colour: Colour): void {
  const ratio = Math.min(3, Math.ceil(devicePixelRatio));
  for (const bucket of BUCKETS) {
    add(map, `pin-${bucket}`, draw(bucket, colour, ratio), ratio);
  }
  add(map, "pin-place", draw("received", colour, ratio * PLACE_SCALE), ratio);
}

/** The numbered stops of a way, `1,4.35,50.85;2,4.36,50.86`, with a line from each to the next. */
export function addStops(map: LiveMap, colour: Colour, stops: string): void {
  const read = stops.split(";").filter((stop) => stop !== "").map((stop) => stop.split(",").map(Number) as [number, number, number]);
  if (read.length === 0) {
    return;
  }
  const ratio = Math.min(3, Math.ceil(devicePixelRatio));
  for (const [number] of read) {
    add(map, `stop-${number}`, drawStop(number, colour, ratio), ratio);
  }
  map.addSource("way", { type: "geojson", data: { type: "LineString", coordinates: read.map(([, lon, lat]) => [lon, lat]) } });
  map.addLayer({ id: "way", type: "line", source: "way", layout: { "line-cap": "round" }, paint: { "line-color": colour("ink"), "line-width": 2, "line-dasharray": [0.5, 2.5] } });
  // The first ones on top: they are the next to go to.
  const features = read.map(([number, lon, lat]) => ({ type: "Feature" as const, properties: { number, image: `stop-${number}` }, geometry: { type: "Point" as const, coordinates: [lon, lat] } }));
  map.addSource("stops", { type: "geojson", data: { type: "FeatureCollection", features } });
  map.addLayer({ id: "stops", type: "symbol", source: "stops", layout: { "icon-image": ["get", "image"], "icon-allow-overlap": true, "symbol-sort-key": ["-", 0, ["get", "number"]] } });
}

const STOP = 28;

function drawStop(number: number, colour: Colour, ratio: number): ImageData | null {
  const canvas = new OffscreenCanvas(STOP * ratio, STOP * ratio);
  const brush = canvas.getContext("2d");
  if (brush === null) {
    return null;
  }
  brush.scale(ratio, ratio);
  brush.beginPath();
  brush.arc(STOP / 2, STOP / 2, STOP / 2 - 2, 0, 2 * Math.PI);
  brush.fillStyle = colour("yellow");
  brush.fill();
  brush.strokeStyle = colour("ink");
  brush.lineWidth = 2;
  brush.stroke();
  brush.fillStyle = colour("on-yellow");
  brush.font = `700 ${number > 99 ? 10 : 13}px system-ui, sans-serif`;
  brush.textAlign = "center";
  brush.textBaseline = "middle";
  brush.fillText(String(number), STOP / 2, STOP / 2 + 0.5);
  return brush.getImageData(0, 0, canvas.width, canvas.height);
}

function add(map: LiveMap, name: string, image: ImageData | null, ratio: number): void {
  if (map.hasImage(name)) {
    map.removeImage(name);
  }
  if (image !== null) {
    map.addImage(name, image, { pixelRatio: ratio });
  }
}

function draw(bucket: (typeof BUCKETS)[number], colour: Colour, ratio: number): ImageData | null {
  const canvas = new OffscreenCanvas(WIDTH * ratio, HEIGHT * ratio);
  const brush = canvas.getContext("2d");
  if (brush === null) {
    return null;
  }
  const { path, filled, colour: ground } = SIGNS[bucket];
  brush.scale(ratio, ratio);
  brush.lineCap = brush.lineJoin = "round";
  brush.fillStyle = colour(ground);
  brush.fill(OUTLINE);
  brush.strokeStyle = colour("ink");
  brush.lineWidth = 2;
  brush.stroke(OUTLINE);
  const sign = bucket === "received" ? colour("on-yellow") : colour(bucket === "notDone" ? "paper" : `on-${ground}`);
  brush.strokeStyle = brush.fillStyle = sign;
  brush.lineWidth = bucket === "inProgress" ? 4 : 3;
  if (filled) {
    brush.fill(path);
  } else {
    brush.stroke(path);
  }
  return brush.getImageData(0, 0, canvas.width, canvas.height);
}
