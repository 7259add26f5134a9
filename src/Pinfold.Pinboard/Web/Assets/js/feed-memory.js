// What a feed has loaded, by history entry, for as long as the tab lives.

const prefix = "feed:";
const keptFeeds = 4;
let forgetful = false;

/** Undefined when this history entry is seen for the first time. A reload asks for new pins, at the same height. */
export function recall() {
  const key = history.state?.feed;
  const stored = key && sessionStorage.getItem(prefix + key);
  if (!stored) return undefined;
  const { memory } = JSON.parse(stored);
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.type === "back_forward" ? memory : { ...memory, pages: [] };
}

export function remember(memory) {
  if (forgetful) return;
  const key = history.state?.feed ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  history.replaceState({ ...history.state, feed: key }, "");
  const others = keys().filter((other) => other !== prefix + key).sort((a, b) => at(a) - at(b));
  while (others.length >= keptFeeds) sessionStorage.removeItem(others.shift());
  const value = JSON.stringify({ at: Date.now(), memory });
  while (!fits(prefix + key, value) && others.length > 0) sessionStorage.removeItem(others.shift());
}

/** When somebody signs out, nothing of what they saw stays behind; not this page either, which is about to be left. */
export function startForgetting() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-forget]")) return;
    keys().forEach((key) => sessionStorage.removeItem(key));
    forgetful = true;
  });
}

/** Whether there was room. Where there never is, "back" begins at the first page. */
function fits(key, value) {
  try {
    sessionStorage.setItem(key, value);
    return true;
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
    sessionStorage.removeItem(key);
    return false;
  }
}

const at = (key) => JSON.parse(sessionStorage.getItem(key)).at;

const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
