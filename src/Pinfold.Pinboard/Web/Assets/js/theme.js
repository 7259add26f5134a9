// The server draws the chosen theme, so this only saves a reload.

const yearSeconds = 365 * 24 * 60 * 60;

export function startTheme() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-theme-form]")) return;
    event.preventDefault();
    choose(event.submitter.value, event.target.dataset.themeForm);
  });
  // A page out of the browser's cache may be older than the choice.
  addEventListener("pageshow", (event) => event.persisted && show(chosen()));
}

/** Over TLS the cookie has a name that only this host can set; see HostCookies.cs. */
function choose(to, cookie) {
  const age = to === "system" ? 0 : yearSeconds;
  const secure = cookie.startsWith("__Host-") ? "; secure" : "";
  const path = secure ? "/" : document.documentElement.dataset.home;
  document.cookie = `${cookie}=${to}; path=${path}; max-age=${age}; samesite=lax${secure}`;
  show(to);
}

function show(to) {
  const root = document.documentElement;
  if (to === "system") delete root.dataset.theme;
  else root.dataset.theme = to;
  document.querySelector("meta[name=color-scheme]").content = to === "system" ? "light dark" : to;
  const paper = getComputedStyle(root).backgroundColor;
  document.querySelectorAll("meta[name=theme-color]").forEach((meta) => (meta.content = paper));
  document.querySelectorAll("[data-theme-form] button").forEach((button) =>
    button.setAttribute("aria-pressed", String(button.value === to)));
}

const chosen = () => /(?:^|; )(?:__Host-)?theme=(light|dark)/.exec(document.cookie)?.[1] ?? "system";
