// Endless scrolling over a real "next" link, and coming back to the same place.
import { announce, fetchPage, opensElsewhere } from "./page.js";
import { recall, remember } from "./feed-memory.js";

const aheadPx = 3000;

export function startFeed() {
  const frame = document.querySelector("[data-feed]");
  if (!frame) return;
  const list = frame.querySelector(".feed");
  const remembered = recall();
  // Cards do not go into a list, nor the other way round.
  const recalled = remembered?.view === list.className ? remembered : undefined;
  const memory = recalled ?? { pages: [], top: 0, pin: null, view: list.className };
  const watcher = new IntersectionObserver(
    (seen) => seen.some((entry) => entry.isIntersecting) && more(),
    { rootMargin: `${aheadPx}px` },
  );
  let busy = null;

  const next = () => frame.querySelector('a[rel="next"]');

  function append(html, watch = true) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const pins = [...page.querySelectorAll(".feed > .pin")].filter((pin) => !document.getElementById(pin.id));
    for (const pin of pins) {
      // Below the first page nothing is urgent.
      const image = pin.querySelector("img");
      if (image) {
        image.loading = "lazy";
        image.removeAttribute("fetchpriority");
      }
    }
    list.append(...pins.map((pin) => document.adoptNode(pin)));
    const following = page.querySelector(".feed-more");
    watcher.disconnect();
    if (following) {
      // A new element, not the old one moved: to a reader who is already at the end, nothing jumps.
      frame.querySelector(".feed-more")?.replaceWith(document.adoptNode(following));
      if (watch) watcher.observe(next());
    } else {
      end();
    }
    return pins.length;
  }

  function end() {
    const line = document.createElement("p");
    line.className = "feed-end";
    line.textContent = `That is all: ${counted(list.children.length)}.`;
    frame.querySelector(".feed-more")?.replaceWith(line);
  }

  /** Loads one more page; resolves to whether there was one. Only one is under way at a time. */
  function more() {
    const link = next();
    if (!link) return Promise.resolve(false);
    busy ??= load(link).finally(() => (busy = null));
    return busy;
  }

  async function load(link) {
    link.setAttribute("aria-busy", "true");
    link.textContent = "Loading…";
    try {
      const { response, page } = await fetchPage(link.href);
      if (!response.ok) throw new Error(`${response.status} from ${link.href}`);
      const html = part(page);
      const count = append(html);
      memory.pages.push(html);
      announce(`${counted(count)} more`);
      return true;
    } catch (error) {
      console.warn("The next pins did not come.", error);
      watcher.disconnect();
      link.removeAttribute("aria-busy");
      link.textContent = "That did not work. Try again";
      announce("More pins could not be loaded.");
      return false;
    }
  }

  /** Brings back the pages that were loaded when this page was left, before the reader sees anything else. */
  function restore() {
    memory.pages.forEach((html) => append(html, false));
    window.scrollTo({ top: memory.top, behavior: "instant" });
    const pin = memory.pin && document.getElementById(memory.pin);
    pin?.querySelector(".pin-link")?.focus({ preventScroll: true });
  }

  // A page that comes back whole from the browser's own cache is not run again, and needs no help.
  if (recalled) restore();
  history.scrollRestoration = "manual";
  if (next()) watcher.observe(next());

  frame.addEventListener("click", (event) => {
    const link = event.target.closest('a[rel="next"]');
    if (!link || opensElsewhere(event)) return;
    event.preventDefault();
    more();
  });
  frame.addEventListener("feed:more", () => more());
  addEventListener("pagehide", () => {
    memory.top = window.scrollY;
    memory.pin = document.activeElement?.closest?.(".pin")?.id ?? null;
    remember(memory);
  });
}

/** What of a fetched page is worth keeping: its pins and its next link. */
function part(page) {
  const frame = page.querySelector("[data-feed]");
  return frame ? frame.outerHTML : "";
}

const counted = (pins) => `${pins.toLocaleString("en")} ${pins === 1 ? "pin" : "pins"}`;
