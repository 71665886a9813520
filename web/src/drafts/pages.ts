// The page for reports that wait, as the service worker answers with it when there is no network.

export const PAGES = "zinneke-pages";

export const offlinePage = (language: string): string => `/${language}/reports/offline`;

/** Takes the page along, as it is now and as everybody sees it. Without a network the one of before stays. */
export async function takeAlong(language: string): Promise<void> {
  const page = await fetch(offlinePage(language), { credentials: "omit" }).catch(() => null);
  if (page?.ok === true) {
    await (await caches.open(PAGES)).put(offlinePage(language), page);
  }
}
