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
