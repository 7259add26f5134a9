// Parts of a page that change by themselves (a picture being fetched, an import running) are asked for again.
import { announce, fetchPage } from "./page.js";

const firstMs = 1500;
const slowestMs = 15000;
const quickRoundsMax = 200; // five minutes; what takes longer is looked at every quarter of a minute
const roundsMax = 2400;

export function startLive() {
  if (!document.querySelector(".live")) return;
  let waitMs = firstMs;
  let rounds = 0;

  async function round() {
    if (!document.hidden) {
      rounds++;
      try {
        const { response, page } = await fetchPage(location.href);
        const parts = response.ok ? [...document.querySelectorAll(".live")] : [];
        const changed = parts.map((old) => renew(old, page)).includes(true);
        waitMs = changed && rounds < quickRoundsMax ? firstMs : Math.min(waitMs * 1.4, slowestMs);
      } catch (error) {
        console.warn("Asking again later.", error);
        waitMs = slowestMs;
      }
    }
    if (document.querySelector(".live") && rounds < roundsMax) setTimeout(round, waitMs);
  }
  setTimeout(round, waitMs);
}

/** Puts the newer content in place, and says whether it differed. */
function renew(old, page) {
  const fresh = page.getElementById(old.id);
  if (!fresh || fresh.innerHTML === old.innerHTML) return false;
  const done = !fresh.classList.contains("live");
  if (old.matches(".pin")) {
    // A card keeps the height it was given, so that nothing around it moves; the next visit gives it its own.
    if (done) old.querySelector(".pin-picture").replaceWith(document.adoptNode(fresh.querySelector(".pin-picture")));
  } else {
    old.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  }
  if (done) {
    old.classList.remove("live");
    if (fresh.dataset.said) announce(fresh.dataset.said);
  }
  return true;
}
