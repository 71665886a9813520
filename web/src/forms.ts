// Forms: sent once, told when they are on their way, and kept where there is no network.
import { tell } from "./not-sent";

/** Marks a form as sent, so that a second press does nothing; the mark goes when the page comes back from the history. */
function sendOnce(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) {
    return;
  }
  if (form.dataset["sent"] !== undefined) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine && form.dataset["failed"] !== undefined) {
    event.preventDefault(); // The browser would leave the page, and what was typed, for one of its own.
    tell(form, event.submitter);
    return;
  }
  form.dataset["sent"] = "";
  event.submitter?.classList.add("busy");
}

document.addEventListener("submit", sendOnce);

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset["sent"];
      form.querySelector(".busy")?.classList.remove("busy");
    }
  }
});

/** Counts what is left of a text's length: `<p class="counter" data-counts="id" data-words="{0} left">`. */
document.addEventListener("input", (event) => {
  const field = event.target;
  if (field instanceof HTMLTextAreaElement && field.maxLength > 0) {
    const counter = document.querySelector<HTMLElement>(`[data-counts="${field.id}"]`);
    if (counter?.dataset["words"] !== undefined) {
      counter.textContent = counter.dataset["words"].replace("{0}", String(field.maxLength - field.value.length));
    }
  }
});

// After a refused form the summary of errors is read first.
document.querySelector<HTMLElement>(".errors[tabindex]")?.focus();
