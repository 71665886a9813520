// Makes the site answer without a network: the page for reports that wait, in the language asked for, and the rounds that a crew has taken along, with what they are made of; and sends what waits
// when the browser says that there is a network again, also when no page is open. Everything else goes to the network as if it were not there.
import { offlinePage, PAGES } from "./drafts/pages";
import { hurry, sendAll } from "./drafts/send";
import { foundRound, isRound, keepRound } from "./rounds/copies";
import { hurryRepairs, sendRepairs } from "./rounds/repairs";

/** Addresses of the scripts, styles and fonts that the page needs; filled in by build.mjs. */
declare const ASSETS: readonly string[];

interface Worker {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", act: (event: Lasting) => void): void;
  addEventListener(type: "fetch", act: (event: Fetching) => void): void;
  addEventListener(type: "sync", act: (event: Lasting & { readonly tag: string }) => void): void;
}

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as Worker;
const FILES = `zinneke-files ${ASSETS.join(" ")}`;
const LANGUAGE = /^\/(fr|nl|en|de)(?=\/|$)/;

worker.addEventListener("install", (event) => {
  event.waitUntil(install());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("zinneke-files ") && name !== FILES).map((name) => caches.delete(name)))).then(() => worker.clients.claim()),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) {
    return;
  }
  if (ASSETS.includes(pathname)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
    return;
  }
  if (request.destination === "image") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request, { ignoreVary: true })) ?? Response.error()));
    return;
  }
  const language = LANGUAGE.exec(pathname)?.[1];
  if (request.mode === "navigate" && language !== undefined) {
    event.respondWith(isRound(pathname) ? visit(event, pathname, language) : navigate(request, language));
  }
});

worker.addEventListener("sync", (event) => {
  const send = event.tag === "zinneke-drafts" ? hurry().then(sendAll) : event.tag === "zinneke-repairs" ? hurryRepairs().then(sendRepairs) : null;
  if (send !== null) {
    // A promise that fails asks the browser to try again later.
    event.waitUntil(send.then((next) => (next === null ? undefined : Promise.reject(new Error("not all is sent")))));
  }
});

/** The files of this version, and the pages that go with them: a page of before would ask for files that are gone. */
async function install(): Promise<void> {
  await (await caches.open(FILES)).addAll([...ASSETS]);
  const pages = await caches.open(PAGES);
  for (const kept of await pages.keys()) {
    const page = await fetch(kept.url, { credentials: "omit" });
    if (page.ok) {
      await pages.put(kept, page);
    } else {
      await pages.delete(kept); // A language that the site speaks no more.
    }
  }
  await worker.skipWaiting();
}

/** A round as it is now, of which a copy is kept; without a network the copy. */
async function visit(event: Fetching, path: string, language: string): Promise<Response> {
  const { request } = event;
  const page = await fetch(request).catch(() => null);
  if (page === null) {
    return (await foundRound(path)) ?? navigate(request, language);
  }
  event.waitUntil(keepRound(path, page.clone()).catch(() => undefined)); // A device that is full shows it all the same.
  return page;
}

/** The page itself; without a network the page for what waits, which whoever begins a report takes along. */
async function navigate(request: Request, language: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (fault) {
    const kept = await caches.match(offlinePage(language), { cacheName: PAGES, ignoreVary: true });
    if (kept === undefined) {
      throw fault;
    }
    return kept;
  }
}
