// A link marked data-dialog leads to a small page; here its content opens in a sheet instead.
import { startFilters } from "./filter.js";
import { fetchPage, opensElsewhere, toast } from "./page.js";

export function startDialogs() {
  const sheet = document.getElementById("sheet");
  const body = sheet.querySelector("[data-sheet]");
  let opener = null;
  let before = null;

  function fill(page) {
    const content = page.querySelector("[data-sheet-content]");
    if (!content) return false;
    const title = content.querySelector("[data-sheet-title]");
    const heading = document.createElement("h2");
    heading.id = "sheet-title";
    heading.textContent = title.textContent;
    title.replaceWith(heading);
    body.replaceChildren(document.adoptNode(content));
    startFilters(body);
    return true;
  }

  function focusFirst() {
    const first = body.querySelector('[aria-invalid="true"], [autofocus], input:checked, .choice, .field input');
    first?.focus();
    body.querySelector("input:checked")?.closest(".choice")?.scrollIntoView({ block: "nearest" });
  }

  async function open(link) {
    link.setAttribute("aria-busy", "true");
    try {
      const { response, page } = await fetchPage(link.href);
      if (!response.ok || !fill(page)) throw new Error(`No sheet at ${link.href}`);
      if (!sheet.open) {
        opener = link;
        before = document.activeElement;
        sheet.showModal();
      }
      focusFirst();
    } catch (error) {
      console.warn("The page is opened instead.", error);
      location.assign(link.href);
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  /** Posts without leaving the page: a redirect means done, anything else is the form again with its errors. */
  async function send(form, submitter) {
    submitter?.setAttribute("aria-busy", "true");
    try {
      const fields = new URLSearchParams(new FormData(form, submitter));
      const { response, page } = await fetchPage(form.action, { method: "POST", body: fields });
      if (response.redirected && response.ok) {
        sheet.close();
        if (opener?.matches("[data-save]")) opener.querySelector("[data-save-word]").textContent = "Saved";
        toast(page.querySelector("[data-notice]")?.textContent ?? "Done.");
      } else if (fill(page)) {
        focusFirst();
      } else {
        toast(page.querySelector("h1")?.textContent ?? "That did not work.");
      }
    } catch (error) {
      console.warn("The form was not sent.", error);
      toast("That did not work. Check your connection and try again.");
    } finally {
      submitter?.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (link && !opensElsewhere(event)) {
      event.preventDefault();
      document.querySelector("[popover]:popover-open")?.hidePopover();
      open(link);
    } else if (event.target === sheet || (event.target.closest("[data-cancel]") && sheet.contains(event.target))) {
      event.preventDefault();
      sheet.close();
    } else if (event.target.id === "keys") {
      event.target.close();
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#sheet [data-stay]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  sheet.addEventListener("close", () => {
    body.replaceChildren();
    // To the pin, not to what was opened for it: Enter then opens the pin, and saves nothing again.
    const back = opener?.closest(".pin")?.querySelector(".pin-link") ?? (before?.isConnected ? before : opener);
    if (back === document.body) document.activeElement?.blur();
    else back?.focus({ preventScroll: true });
  });
  // Clicking into the name of a new board, or typing one, chooses it. Passing through by Tab does not.
  document.addEventListener("input", pick);
  document.addEventListener("click", pick);
}

function pick({ target }) {
  if (!target.matches("[data-picks]")) return;
  target.form.querySelector(`input[type=radio][value="${target.dataset.picks}"]`).checked = true;
}
