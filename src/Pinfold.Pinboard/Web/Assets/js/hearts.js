// A heart is pressed, or let go, without leaving the page; all that belong to the same pin change with it.
import { toast } from "./page.js";

export function startHearts() {
  document.addEventListener("submit", (event) => {
    if (!event.submitter?.matches("[data-heart]")) return;
    event.preventDefault();
    press(event.submitter);
  });
}

async function press(heart) {
  if (heart.getAttribute("aria-busy") === "true") return;
  heart.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(heart.form));
    body.set("quiet", "true");
    const response = await fetch(heart.formAction, { method: "POST", body, credentials: "same-origin" });
    if (response.status === 204) turn(heart.dataset.heart, heart.getAttribute("aria-pressed") !== "true");
    else if (response.redirected) location.assign(response.url); // the sign-in
    else toast(await sentenceOf(response));
  } catch (error) {
    console.warn("The heart was not sent.", error);
    toast("That did not work. Check your connection and try again.");
  } finally {
    heart.removeAttribute("aria-busy");
  }
}

function turn(pin, isPressed) {
  for (const heart of document.querySelectorAll(`[data-heart="${pin}"]`)) {
    if ((heart.getAttribute("aria-pressed") === "true") === isPressed) continue;
    heart.setAttribute("aria-pressed", String(isPressed));
    const action = heart.getAttribute("formaction").replace(/(un)?like$/, isPressed ? "unlike" : "like");
    heart.setAttribute("formaction", action);
    const count = Math.max(0, Number(heart.dataset.count) + (isPressed ? 1 : -1));
    heart.dataset.count = String(count);
    heart.querySelector("[data-heart-count]").textContent = count === 0 ? "" : count.toLocaleString("en");
  }
}

async function sentenceOf(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("main .lead, h1")?.textContent ?? "That did not work.";
}
