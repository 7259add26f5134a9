// What a feed has loaded, by history entry, for as long as the tab lives.

const prefix = "feed:";
const keptFeeds = 4;

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
  const key = history.state?.feed ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  history.replaceState({ ...history.state, feed: key }, "");
  trim(key);
  const at = Date.now();
  try {
    sessionStorage.setItem(prefix + key, JSON.stringify({ at, memory }));
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
    // No room for the pins: "back" then begins at the first page.
    sessionStorage.removeItem(prefix + key);
  }
}

/** Somebody signs out: nothing of what they saw stays behind. */
export function forget() {
  keys().forEach((key) => sessionStorage.removeItem(key));
}

function trim(current) {
  const others = keys()
    .filter((key) => key !== prefix + current)
    .map((key) => ({ key, at: JSON.parse(sessionStorage.getItem(key)).at }))
    .sort((a, b) => b.at - a.at);
  others.slice(keptFeeds - 1).forEach(({ key }) => sessionStorage.removeItem(key));
}

const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
