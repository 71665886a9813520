// Whose pages this device shows: what is written without a network is theirs. Pages that are taken along know nobody, so the last one that knew somebody counts, until that person signs out.

const KEY = "zinneke-account";
const NOBODY = "nobody";

const { account } = document.documentElement.dataset;
if (account !== undefined) {
  remember(() => localStorage.setItem(KEY, account));
}

document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.action.endsWith("/sign-out")) {
    remember(() => localStorage.removeItem(KEY));
  }
}, { capture: true });

/** The mark of who writes here, or that it is nobody who is known. */
export const writer = (): string => remember(() => localStorage.getItem(KEY)) ?? NOBODY;

/** A browser may be told to keep nothing. */
function remember<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}
