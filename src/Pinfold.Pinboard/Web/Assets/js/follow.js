// A form marked data-renews is sent without leaving the page: what the page after it has anew, marked data-renew and
// of the same id, is put in place.
import { fetchPage, toast } from "./page.js";

export function startFollowing() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-renews]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
}

async function send(form, submitter) {
  const own = form.closest("[data-renew]").id;
  submitter?.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const { response, page } = await fetchPage(form.action, { method: "POST", body });
    if (!response.redirected || !response.ok) {
      toast(page.querySelector("main .lead, h1")?.textContent ?? "That did not work.");
    } else if (page.getElementById(own)) {
      renew(page);
      document.getElementById(own).querySelector("button")?.focus({ preventScroll: true });
      toast(page.querySelector("[data-notice]")?.textContent ?? "Done.");
    } else {
      location.assign(response.url); // the sign-in, say
    }
  } catch (error) {
    console.warn("The form was not sent.", error);
    toast("That did not work. Check your connection and try again.");
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
}

function renew(page) {
  for (const old of document.querySelectorAll("[data-renew]")) {
    const fresh = page.getElementById(old.id);
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
}
