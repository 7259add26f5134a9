// Single keys, and only where nobody is typing.

const actions = {
  j: () => step(1),
  k: () => step(-1),
  s: () => (currentPin()?.querySelector(".pin-save") ?? document.querySelector('[data-key="s"]'))?.click(),
  l: () => (currentPin() ?? document).querySelector("[data-heart]")?.click(),
  e: edit,
  ArrowLeft: () => document.querySelector('[data-key="ArrowLeft"]')?.click(),
  ArrowRight: () => document.querySelector('[data-key="ArrowRight"]')?.click(),
  "/": () => document.getElementById("find")?.select(),
  "?": () => document.getElementById("keys").showModal(),
};

let lastPin = null;

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.id === "find") event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    if (!Object.hasOwn(actions, event.key) || (isArrow(event.key) && isSteered(event.target))) return;
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

const isArrow = (key) => key.startsWith("Arrow");

/** What has arrows of its own: what is chosen from, and what scrolls sideways. */
const isSteered = (target) => target.matches("input, select, [role=tablist] *") || target.closest(".chips, .strip");

/** The pin that was stepped to, where it is one's own; else what the page is about. */
function edit() {
  const pin = currentPin();
  if (!pin) document.querySelector('[data-key="e"]')?.click();
  else if ("own" in pin.dataset) location.assign(`${pin.querySelector(".pin-link").href}/edit`);
}

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
