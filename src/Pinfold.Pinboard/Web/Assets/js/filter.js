// Boards to choose from, narrowed down by what is typed.

export function startFilters(root = document) {
  for (const field of root.querySelectorAll("[data-filter]")) {
    field.hidden = false;
    const choices = [...field.closest("[data-choices]").querySelectorAll("[data-choice]")];
    const none = field.closest("[data-choices]").querySelector("[data-filter-none]");
    const fits = () => choices.filter((choice) => !choice.hidden);
    field.addEventListener("input", () => {
      const words = plain(field.value).split(/\s+/);
      for (const choice of choices)
        choice.hidden = !words.every((word) => plain(choice.dataset.choice).includes(word));
      none.hidden = fits().length > 0;
    });
    // Enter takes the first, and does not send a form that is not filled in.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      fits()[0]?.click();
    });
  }
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
