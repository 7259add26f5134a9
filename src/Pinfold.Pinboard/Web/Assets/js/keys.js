// Single keys, and only where nobody is typing.

const actions = {
  j: () => step(1),
  k: () => step(-1),
  s: () => (currentPin()?.querySelector(".pin-save") ?? document.querySelector('[data-key="s"]'))?.click(),
  e: () => document.querySelector('[data-key="e"]')?.click(),
  "/": () => document.getElementById("find")?.select(),
  "?": () => document.getElementById("keys").showModal(),
};

let lastPin = null;

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.id === "find") event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") || !Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  });
  document.addEventListener("focusin", (event) => {
    lastPin = event.target.closest(".pin") ?? lastPin;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys-help]")) return;
    document.querySelector("[popover]:popover-open")?.hidePopover();
    actions["?"]();
  });
}

const isTyping = (target) =>
  target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");

const currentPin = () => document.activeElement?.closest(".pin") ?? (lastPin?.isConnected ? lastPin : null);

function step(by) {
  const pins = [...document.querySelectorAll(".feed > .pin")];
  if (pins.length === 0) return;
  const at = pins.indexOf(currentPin());
  const to = at < 0 ? firstVisible(pins) : at + by;
  if (to >= pins.length - 8) document.querySelector("[data-feed]").dispatchEvent(new Event("feed:more"));
  const pin = pins[Math.min(Math.max(to, 0), pins.length - 1)];
  pin.querySelector(".pin-link").focus({ preventScroll: true });
  pin.scrollIntoView({ block: "center", behavior: "instant" });
}

function firstVisible(pins) {
  const top = document.querySelector(".top").getBoundingClientRect().bottom;
  return Math.max(0, pins.findIndex((pin) => pin.getBoundingClientRect().top >= top));
}
