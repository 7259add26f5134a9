// What may be meant is offered while somebody types, and can be chosen by arrow keys: in the header it leads there, in
// a field of words it becomes the word.

const waitMs = 120;

export function startSuggest() {
  for (const input of document.querySelectorAll("input[data-suggest]")) offer(input);
}

function offer(input) {
  const list = document.createElement("ul");
  list.className = "offers";
  list.id = `${input.id}-offers`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  const ofWords = input.hasAttribute("data-suggest-words");
  let timer = 0;
  let asked = 0;

  const options = () => [...list.children];
  const chosen = () => list.querySelector('[aria-selected="true"]');
  const typed = () => (ofWords ? input.value.split(/[\s,#]+/).pop() : input.value.trim());

  function show(found) {
    list.replaceChildren(...found.map(draw));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(null);
  }

  function draw(offer, at) {
    const option = document.createElement("li");
    option.id = `${list.id}-${at}`;
    option.setAttribute("role", "option");
    option.dataset.kind = offer.kind;
    const text = document.createElement("span");
    text.textContent = offer.text;
    option.append(text);
    if (offer.note) {
      const note = document.createElement("span");
      note.className = "quiet";
      note.textContent = offer.note;
      option.append(note);
    }
    // Before the field loses its focus, and with it the list.
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => take(offer));
    option.offer = offer;
    return option;
  }

  function take(offer) {
    show([]);
    if (offer.href) {
      location.assign(offer.href);
      return;
    }
    input.value = input.value.replace(/[^\s,#]*$/, offer.text) + ", ";
    input.focus();
  }

  function choose(option) {
    chosen()?.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const words = typed();
    const turn = ++asked;
    if (words.length < (ofWords ? 1 : 2)) {
      show([]);
      return;
    }
    try {
      const response = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`, {
        credentials: "same-origin", headers: { accept: "application/json" },
      });
      const found = response.ok ? await response.json() : [];
      if (turn === asked && document.activeElement === input) show(found);
    } catch (error) {
      console.warn("No suggestions.", error);
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, waitMs);
  });
  input.addEventListener("blur", () => {
    asked++;
    show([]);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const to = at + (event.key === "ArrowDown" ? 1 : -1);
      choose(to < 0 || to >= all.length ? (at < 0 ? all.at(-1) : null) : all[to]);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      take(chosen().offer);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      show([]);
    }
  });
}
