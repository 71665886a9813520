// The desk by keyboard: j and k walk down and up the rows of a table marked data-keys, Enter opens the row's first link.

const rows = (): HTMLTableRowElement[] => [...document.querySelectorAll<HTMLTableRowElement>("[data-keys] tbody tr")];

function walk(step: number): void {
  const all = rows();
  const now = all.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
  if (next === undefined) {
    return;
  }
  all[now]?.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog") !== null;
  if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "j" || event.key === "k") {
    walk(event.key === "j" ? 1 : -1);
  }
});
