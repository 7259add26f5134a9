// Fetching pages of this site, and saying things.

export async function fetchPage(url, options = {}) {
  const response = await fetch(url, { credentials: "same-origin", ...options });
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/html")) throw new Error(`${response.status} from ${url}`);
  return { response, page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

/** Tells a screen reader; nothing is shown. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** Shows one sentence for a while; it is announced too. */
export function toast(text) {
  const line = document.createElement("p");
  line.className = "toast";
  line.textContent = text;
  document.getElementById("toasts").replaceChildren(line);
}

/** Whether the page is being left for elsewhere by a key or button that opens another tab. */
export const opensElsewhere = (event) =>
  event.button > 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
