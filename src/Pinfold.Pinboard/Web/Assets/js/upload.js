// Forms with files: how far the upload is, and a refusal of what is too large before it is sent.

export function startUpload() {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      const inputs = [...form.querySelectorAll("input[type=file]")];
      if (inputs.every((input) => input.files.length === 0)) return;
      event.preventDefault();
      send(form);
    });
    for (const input of form.querySelectorAll("input[type=file]"))
      input.addEventListener("change", () => check(form, input));
    acceptDrops(form.querySelector("[data-drop]"), form.querySelector("[data-drop] input[type=file]"));
  }
}

function check(form, input) {
  const limit = Number(input.dataset.bytesMax);
  const bytes = [...input.files].reduce((sum, file) => sum + file.size, 0);
  const tooLarge = bytes > limit;
  input.setCustomValidity(tooLarge ? `That is ${megabytes(bytes)} MB; the limit is ${megabytes(limit)} MB.` : "");
  if (tooLarge) input.reportValidity();
  const name = input.closest("[data-drop]")?.querySelector("[data-drop-name]");
  if (name && input.files.length > 0)
    name.textContent = input.files.length === 1 ? input.files[0].name : `${input.files.length} files`;
}

const megabytes = (bytes) => Math.ceil(bytes / (1024 * 1024)).toLocaleString("en");

function acceptDrops(zone, input) {
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? zone.classList.remove("over"));
  addEventListener("drop", (event) => {
    zone.classList.remove("over");
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    take(input, event.dataTransfer.files);
  });
}

/** Gives the files to the input as if they had been chosen there. */
export function take(input, files) {
  const transfer = new DataTransfer();
  [...files].slice(0, input.multiple ? files.length : 1).forEach((file) => transfer.items.add(file));
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// fetch() does not tell how much has been sent.
function send(form) {
  const bar = form.querySelector(".upload-bar");
  const button = form.querySelector("button[type=submit]");
  const request = new XMLHttpRequest();
  const rest = () => {
    bar.hidden = true;
    button.removeAttribute("aria-busy");
  };
  bar.hidden = false;
  button.setAttribute("aria-busy", "true");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
  });
  request.upload.addEventListener("load", () => bar.removeAttribute("value"));
  request.addEventListener("load", () => {
    if (request.status < 400 && request.responseURL !== form.action) {
      location.assign(request.responseURL);
      return;
    }
    rest();
    showRefusal(form, new DOMParser().parseFromString(request.responseText, "text/html"));
  });
  request.addEventListener("error", () => {
    rest();
    complain(form, "The upload broke off. Nothing was added; try again.");
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
}

/** The server's own words; what was typed and chosen stays as it is. */
function showRefusal(form, page) {
  const errors = [...page.querySelectorAll("form .error, form .form-error, .error-page .lead")];
  complain(form, errors.map((error) => error.textContent.trim()).join(" ") || "That did not work. Try again.");
}

function complain(form, text) {
  form.querySelectorAll(".form-error").forEach((old) => old.remove());
  const line = document.createElement("p");
  line.className = "form-error";
  line.setAttribute("role", "alert");
  line.textContent = text;
  form.querySelector("button[type=submit]").parentElement.before(line);
}
