// The map's colours come from the tokens, so that it follows light, dark and any change of look.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

export type Colour = (token: string) => string;

/** Reads tokens where an element stands. */
export function coloursOf(element: Element): Colour {
  const style = getComputedStyle(element);
  return (token) => style.getPropertyValue(`--${token}`).trim();
}

/** The four public buckets of reports; each has a shape of its own (see pins.ts). */
export const BUCKETS = ["received", "inProgress", "solved", "notDone"] as const;

/** The page's own font; MapLibre reads the weight out of the first name, and finds the font under the second. */
const font = (weight: "Medium" | "Bold"): string[] => [`Atkinson Hyperlegible Next ${weight}`, "Atkinson Hyperlegible Next"];

/** The style of a map with the layers named; each is a vector tile source whose inner layer has the same name. */
export function styleOf(layers: readonly string[], query: string, colour: Colour): StyleSpecification {
  const asked = new URLSearchParams(query);
  const kind = asked.get("kind"); // All that areas are filtered by; the rest is of other layers, and would make one tile many.
  const ground = kind === null ? "" : `?kind=${encodeURIComponent(kind)}`;
  const chosen = asked.get("chosen")?.split(",") ?? [];
  const sources: StyleSpecification["sources"] = {};
  const painted: LayerSpecification[] = [{ id: "ground", type: "background", paint: { "background-color": colour("map-out") } }];
  for (const layer of layers) {
    sources[layer] = {
      type: "vector",
      tiles: [`${location.origin}/tiles/${layer}/{z}/{x}/{y}.mvt${layer === "areas" ? ground : query}`],
      minzoom: 0,
      maxzoom: layer === "areas" ? 14 : 16,
    };
    painted.push(...(layer === "areas" ? areas(colour, chosen) : things(layer, colour)));
  }
  return { version: 8, sources, layers: painted };
}

/** Puts our layers over a style of elsewhere; of the areas only their edges, as the ground shows the rest. Its names get a prefix, its texts our way of drawing letters. */
export function over(under: StyleSpecification, ours: StyleSpecification): StyleSpecification {
  const named = (name: string): string => `under-${name}`;
  const sources = Object.fromEntries(Object.entries(under.sources).map(([name, source]) => [named(name), source]));
  const ground = under.layers.map((layer) => ({ ...layer, id: named(layer.id), ...("source" in layer && typeof layer.source === "string" ? { source: named(layer.source) } : {}) }) as LayerSpecification);
  const kept = ours.layers.filter((layer) => layer.id !== "ground" && layer.id !== "areas-fill" && layer.id !== "areas-name");
  return { version: 8, sources: { ...sources, ...ours.sources }, layers: [...ground, ...kept], ...(under.sprite === undefined ? {} : { sprite: under.sprite }) };
}

/** Those that are chosen stand out by ground and edge, as on the drawn picture. */
function areas(colour: Colour, chosen: readonly string[]): LayerSpecification[] {
  const language = document.documentElement.lang;
  const either = <T extends string | number>(one: T, other: T): ExpressionSpecification | T => chosen.length === 0 ? other : ["case", ["in", ["get", "id"], ["literal", [...chosen]]], one, other];
  return [
    { id: "areas-fill", type: "fill", source: "areas", "source-layer": "areas", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": either(colour("yellow-wash"), colour("map-land")) } },
    {
      id: "areas-edge",
      type: "line",
      source: "areas",
      "source-layer": "areas",
      filter: ["!=", ["geometry-type"], "Point"],
      layout: { "line-join": "round", "line-sort-key": either(1, 0) },
      paint: { "line-color": either(colour("ink"), colour("map-edge")), "line-width": ["interpolate", ["linear"], ["zoom"], 9, either(2, 1), 15, either(4, 2.5)] },
    },
    {
      id: "areas-name",
      type: "symbol",
      source: "areas",
      "source-layer": "areas",
      filter: ["==", ["geometry-type"], "Point"],
      maxzoom: 16,
      layout: {
        "text-field": ["coalesce", ["get", `name_${language}`], ["get", "name_fr"], ["get", "name_nl"]],
        "text-font": font("Medium"),
        "text-size": ["interpolate", ["linear"], ["zoom"], 10, 12, 15, 18],
        "text-max-width": 7,
        "text-padding": 6,
      },
      paint: { "text-color": colour("ink-soft"), "text-halo-color": colour("map-land"), "text-halo-width": 2 },
    },
  ];
}

/** Points as pins, many of them as circles with their count; lines and surfaces as they are. */
function things(layer: string, colour: Colour): LayerSpecification[] {
  const many: ["has", string] = ["has", "count"];
  const at = { source: layer, "source-layer": layer };
  return [
    {
      id: `${layer}-fill`,
      type: "fill",
      ...at,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": ["case", ["has", "heat"], colour("brick"), colour("blue")], "fill-opacity": ["coalesce", ["get", "heat"], 0.18], "fill-antialias": false },
    },
    {
      id: `${layer}-line`,
      type: "line",
      ...at,
      filter: ["all", ["!=", ["geometry-type"], "Point"], ["!", ["has", "heat"]]],
      paint: { "line-color": colour("blue"), "line-width": 2.5 },
    },
    {
      id: `${layer}-many`,
      type: "circle",
      ...at,
      filter: ["all", ["==", ["geometry-type"], "Point"], many],
      paint: {
        "circle-color": colour("yellow"),
        "circle-stroke-color": colour("on-yellow"),
        "circle-stroke-width": 2,
        "circle-radius": ["interpolate", ["linear"], ["log10", ["max", 1, ["get", "count"]]], 0, 8, 0.3, 14, 2, 20, 5, 34],
      },
    },
    {
      id: `${layer}-count`,
      type: "symbol",
      ...at,
      filter: ["all", ["==", ["geometry-type"], "Point"], many],
      layout: { "text-field": ["case", [">", ["get", "count"], 1], ["to-string", ["get", "count"]], ""], "text-font": font("Bold"), "text-size": 14, "text-allow-overlap": true },
      paint: { "text-color": colour("on-yellow") },
    },
    {
      id: `${layer}-one`,
      type: "symbol",
      ...at,
      filter: ["all", ["==", ["geometry-type"], "Point"], ["!", many]],
      layout: {
        "icon-image": ["coalesce", ["image", ["concat", "pin-", ["get", "bucket"]]], ["image", "pin-received"]],
        "icon-anchor": "bottom",
        "icon-allow-overlap": true,
      },
    },
  ];
}
