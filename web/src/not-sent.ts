// What a form says that did not arrive, in the words of its `data-failed`.

/** Says beside the button that nothing arrived, and reads it out. */
export function tell(form: HTMLFormElement, submitter: HTMLElement | null): void {
  forget(form);
  const error = document.createElement("p");
  error.className = "errors";
  error.dataset["notSent"] = "";
  error.tabIndex = -1;
  error.textContent = form.dataset["failed"] ?? "";
  if (submitter !== null) {
    submitter.before(error);
  } else {
    form.append(error);
  }
  error.focus();
}

export function forget(form: HTMLFormElement): void {
  form.querySelector(".errors[data-not-sent]")?.remove();
}
