// A form with files tells how far it is: `data-upload` on the form, `<progress>` made beside its button. The answer is used as if the browser had sent it; when there
// is none, `data-failed` says so, and the form can be sent again.
import { forget, tell } from "./not-sent";

/** Sends the form; afterwards the page is where the server's redirect led, or shows the refused form. */
function send(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const data = new FormData(form, submitter);
  const bar = document.createElement("progress");
  forget(form);
  bar.max = 1;
  bar.className = "upload";
  bar.setAttribute("aria-label", form.dataset["upload"] ?? "");
  (submitter ?? form).after(bar);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) {
      bar.value = event.loaded / event.total;
    }
  };
  request.onload = () => {
    if (request.status < 400 && request.responseURL !== form.action) {
      location.assign(request.responseURL);
    } else if (!show(request.responseText)) {
      failed();
    }
  };
  const failed = (): void => {
    bar.remove();
    delete form.dataset["sent"];
    submitter?.classList.remove("busy");
    tell(form, submitter);
  };
  request.onerror = failed;
  request.onabort = failed;
  request.send(data);
}

/** Puts the main part of an answered page in place of this one's, and reads its errors first. A gateway's own error has none. */
function show(page: string): boolean {
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const [old, next] = [document.querySelector("main"), fresh.querySelector("main")];
  if (old === null || next === null) {
    return false;
  }
  document.title = fresh.title;
  old.replaceWith(next);
  (next.querySelector<HTMLElement>(".errors") ?? next).focus();
  return true;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form instanceof HTMLFormElement && form.dataset["upload"] !== undefined && !event.defaultPrevented && event.submitter?.hasAttribute("formaction") !== true) {
    const files = [...form.querySelectorAll<HTMLInputElement>('input[type="file"]')];
    if (files.some((input) => (input.files?.length ?? 0) > 0)) {
      event.preventDefault();
      send(form, event.submitter);
    }
  }
});
