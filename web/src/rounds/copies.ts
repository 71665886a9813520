// The pages of rounds that this device has taken along, each with its pictures. They hold what is not for everybody: they go when their round is over or a week old, the newest ten stay, and none when one signs out.

const PREFIX = "zinneke-round ";
const MOST = 10;
const WEEK = 7 * 24 * 3_600_000;

export const isRound = (path: string): boolean => /^\/(fr|nl|en|de)\/desk\/reports\/rounds\/[0-9a-f-]{36}$/.test(path);

/** Takes the page along as it is now; without a network the one of before stays. */
export async function takeRound(path: string): Promise<void> {
  const page = await fetch(path, { headers: { Accept: "text/html" } }).catch(() => null);
  if (page !== null) {
    await keepRound(path, page);
  }
}

/** Keeps an answer; one that shows no round to the reader any more takes the copy away. */
export async function keepRound(path: string, page: Response): Promise<void> {
  if (page.ok && !page.redirected) {
    await (await caches.open(PREFIX + path)).put(path, page.clone());
    const kept = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
    await Promise.all(kept.slice(0, -MOST).map((name) => caches.delete(name)));
  } else if (page.status < 500) {
    await caches.delete(PREFIX + path);
  }
}

export async function takePictures(path: string, pictures: readonly string[]): Promise<void> {
  const cache = await caches.open(PREFIX + path);
  await Promise.all(pictures.map((address) => cache.add(address).catch(() => undefined)));
}

export const foundRound = (path: string): Promise<Response | undefined> => caches.match(path, { cacheName: PREFIX + path, ignoreVary: true });

/** What was taken along long ago is of a round that is over. */
export async function forgetOldRounds(): Promise<void> {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(PREFIX))) {
    const page = await caches.match(name.slice(PREFIX.length), { cacheName: name, ignoreVary: true });
    if (page === undefined || Date.now() - Date.parse(page.headers.get("Date") ?? "") > WEEK) {
      await caches.delete(name);
    }
  }
}

/** The round at this address is over. */
export const forgetRound = (path: string): Promise<boolean> => caches.delete(PREFIX + path);

export async function forgetRounds(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map((name) => caches.delete(name)));
}
