// A link with data-dialog opens the dialog of that id; without JavaScript it is the link to a page that asks the same.

document.addEventListener("click", (event) => {
  const opener = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-dialog]") : null;
  const dialog = opener === null ? null : document.getElementById(opener.dataset["dialog"] ?? "");
  if (dialog instanceof HTMLDialogElement && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.showModal();
  }
});
