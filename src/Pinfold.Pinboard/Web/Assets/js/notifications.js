// The bell in the header: how many notifications are unread, and what came while the page is open.
import { toast } from "./page.js";

const hiddenMs = 30000; // a page that nobody looks at lets go of its connection after so long
const againMs = 30000;

export function startNotifications() {
  const bell = document.getElementById("bell");
  if (!bell || !("EventSource" in window)) return;
  let source = null;
  let timer = 0;
  let last = "";

  function open() {
    clearTimeout(timer);
    if (source || document.hidden) return;
    // A browser that opens it anew by itself says what it had last; one that is told to, does not.
    source = new EventSource(`${bell.dataset.events}${last ? `?last=${encodeURIComponent(last)}` : ""}`);
    source.addEventListener("message", (event) => {
      last = event.lastEventId;
      tell(bell, JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      close();
      timer = setTimeout(open, againMs * (1 + Math.random()));
    });
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(close, hiddenMs);
    else open();
  });
  // With an open connection a page is not kept for "back".
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}

function tell(bell, { unread, text }) {
  const before = Number(bell.dataset.unread);
  bell.dataset.unread = unread;
  const badge = bell.querySelector(".badge");
  badge.hidden = unread === 0;
  badge.querySelector("[data-count]").textContent = unread > 99 ? "99+" : unread;
  if (unread <= before) return;
  document.querySelector(".newer")?.classList.add("there");
  if (text) toast(text);
}
