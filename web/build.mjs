// Makes the one set of assets: web/dist holds every file under a name with its hash, each beside its compressed twins, and three tables that
// Zinneke.Ui reads at start: manifest.json (logical name -> file), icons.json and drawings.json (name -> SVG put into pages).
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const read = (...parts) => readFile(path.join(here, ...parts), "utf8");

/** Bundles styles and scripts; returns esbuild's account of what went into what. */
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: { app: "src/app.ts", style: "css/app.css", "map-worker": "maplibre-gl/src/source/worker.ts" },
    // The map comes from MapLibre's sources: its ready-made bundles hold everything twice, for the page and for the worker; split, both share one file.
    alias: {
      "maplibre-gl": path.join(here, "node_modules/maplibre-gl/src/index.ts"),
      "maplibre-gl/src/source/worker.ts": path.join(here, "node_modules/maplibre-gl/src/source/worker.ts"),
    },
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome107", "firefox104", "safari16"],
    // MapLibre declares fields that its constructors have already set: they must not be set again.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    minify: true,
    charset: "utf8",
    legalComments: "none",
    loader: { ".woff2": "file", ".glsl": "text" },
    external: ["data:*"],
    outdir: dist,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    assetNames: "[name]-[hash]",
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/** The service worker, in one file, with the addresses of all that a page needs without a network: the first script, what it loads for drafts and rounds, the style and the fonts. */
async function serviceWorker(metafile, manifest) {
  const outputs = metafile.outputs;
  const fileOf = (entry) => Object.keys(outputs).find((file) => outputs[file].entryPoint === entry);
  const needed = new Set();
  const gather = (file) => {
    if (!needed.has(file)) {
      needed.add(file);
      outputs[file].imports.filter((one) => one.kind === "import-statement").forEach((one) => gather(one.path));
    }
  };
  gather(fileOf("src/app.ts"));
  gather(fileOf("src/drafts/list.ts"));
  gather(fileOf("src/rounds/round.ts"));
  const assets = [...[...needed].map((file) => path.basename(file)), manifest["style.css"], ...Object.values(manifest).filter((name) => name.endsWith(".woff2")), manifest["favicon.svg"]];
  await build({
    absWorkingDir: here,
    entryPoints: { "service-worker": "src/service-worker.ts" },
    bundle: true,
    format: "iife",
    target: ["es2022", "chrome107", "firefox104", "safari16"],
    define: { ASSETS: JSON.stringify(assets.map((name) => `/assets/${name}`)) },
    minify: true,
    charset: "utf8",
    legalComments: "none",
    outdir: dist,
    entryNames: "[name]-[hash]",
    logLevel: "warning",
  });
  manifest["service-worker.js"] = (await readdir(dist)).find((name) => /^service-worker-[A-Z0-9]{8}\.js$/.test(name));
}

/** Logical names of what pages link to; chunks are linked by the scripts themselves. */
function nameOutputs(metafile) {
  const manifest = {};
  for (const [file, output] of Object.entries(metafile.outputs)) {
    const name = path.basename(file);
    if (output.entryPoint !== undefined || name.endsWith(".woff2")) {
      manifest[name.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1")] = name;
    }
  }
  return manifest;
}

/** The drawn parts of an SVG file: everything inside its root element, on one line. */
const inside = (svg) => svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "").replace(/\s*\n\s*/g, "").trim();

async function icons() {
  const names = (await read("icons.txt")).split("\n").filter((line) => line && !line.startsWith("#"));
  const table = {};
  for (const name of names) {
    table[name] = inside(await read("node_modules/lucide-static/icons", `${name}.svg`));
  }
  return table;
}

async function drawings() {
  const table = {};
  for (const file of (await readdir(path.join(here, "drawings"))).filter((name) => name.endsWith(".svg")).sort()) {
    const svg = await read("drawings", file);
    const box = /viewBox="([\d. ]+)"/.exec(svg);
    if (box === null) {
      throw new Error(`drawings/${file}: expected a viewBox`);
    }
    table[path.basename(file, ".svg")] = { box: box[1], svg: inside(svg) };
  }
  return table;
}

/** Files that are served as they are, under a hashed name. */
async function copies(manifest) {
  const folder = path.join(here, "static");
  for (const file of (await readdir(folder)).sort()) {
    const bytes = await readFile(path.join(folder, file));
    const { name, ext } = path.parse(file);
    const hashed = `${name}-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}${ext}`;
    await writeFile(path.join(dist, hashed), bytes);
    manifest[file] = hashed;
  }
}

/** The licences of the packages of which parts are served, in one file, as they ask for. */
async function licences(metafile) {
  const packages = new Set(["lucide-static"]);
  for (const input of Object.keys(metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) {
      packages.add(found[1]);
    }
  }
  const parts = [];
  for (const name of [...packages].sort()) {
    const folder = path.join(here, "node_modules", name);
    const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? await readFile(path.join(folder, file), "utf8") : `Licence: ${about.license}`;
    parts.push(`${name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}

async function compress() {
  for (const name of await readdir(dist)) {
    if (/\.(js|css|svg|txt)$/.test(name)) {
      const bytes = await readFile(path.join(dist, name));
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
      await writeFile(path.join(dist, `${name}.br`), brotliCompressSync(bytes, quality));
      await writeFile(path.join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    }
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist);
const metafile = await bundle();
const manifest = nameOutputs(metafile);
await copies(manifest);
await serviceWorker(metafile, manifest);
const notices = await licences(metafile);
const noticesName = `licences-${createHash("sha256").update(notices).digest("hex").slice(0, 8)}.txt`;
manifest["licences.txt"] = noticesName;
await writeFile(path.join(dist, noticesName), notices);
await writeFile(path.join(dist, "icons.json"), JSON.stringify(await icons(), null, 1));
await writeFile(path.join(dist, "drawings.json"), JSON.stringify(await drawings(), null, 1));
await compress();
// Last, so that a manifest means a whole set.
await writeFile(path.join(dist, "manifest.json"), JSON.stringify(manifest, null, 2));

if (process.argv.includes("--sizes")) {
  for (const name of (await readdir(dist)).filter((file) => file.endsWith(".br") || file.endsWith(".woff2"))) {
    console.log(String((await readFile(path.join(dist, name))).length).padStart(8), name);
  }
}
