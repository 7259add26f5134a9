// Forms with files: how far the upload is, and a refusal of what is too large before it is sent.

export function startUpload() {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
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
  const files = [...input.files];
  // Where each file becomes something of its own, the limit is of each.
  const bytes = "adds" in input.dataset
    ? Math.max(0, ...files.map((file) => file.size)) : files.reduce((sum, file) => sum + file.size, 0);
  const filesMax = Number(input.dataset.filesMax ?? Infinity);
  input.setCustomValidity(
    files.length > filesMax ? `At most ${filesMax} can be sent at once; these are ${files.length}.`
    : bytes > limit ? `That is ${megabytes(bytes)} MB; the limit is ${megabytes(limit)} MB.` : "");
  if (input.validationMessage) input.reportValidity();
  const name = input.closest("[data-drop]")?.querySelector("[data-drop-name]");
  if (name && files.length > 0) name.textContent = files.length === 1 ? files[0].name : `${files.length} files`;
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

/** Gives the files to the input as if they had been chosen there; to what was chosen where it takes more than one. */
export function take(input, files) {
  const kept = "adds" in input.dataset ? [...input.files] : [];
  set(input, [...kept, ...[...files].slice(0, input.multiple ? files.length : 1)]);
}

export function set(input, files) {
  const transfer = new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
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
  form.querySelectorAll(".error").forEach((old) => old.remove());
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  let isPlaced = false;
  for (const error of page.querySelectorAll("form .error[id]")) {
    const field = form.elements[error.id.replace(/-error$/, "")];
    const beside = form.querySelector(`[data-error-of="${error.id}"]`) ?? field?.closest?.(".field, .choices");
    if (!beside) continue;
    field?.setAttribute?.("aria-invalid", "true");
    beside.append(document.adoptNode(error));
    if (!isPlaced) field?.focus?.();
    isPlaced = true;
  }
  if (isPlaced) {
    form.querySelectorAll(".form-error").forEach((old) => old.remove());
    return;
  }
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
