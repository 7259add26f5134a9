// The page for a new pin: what was chosen, dropped or pasted is shown before it is sent.
import { set, take } from "./upload.js";

const previewWidthPx = 900;

export function startNewPin() {
  const form = document.querySelector("[data-new-pin]");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const address = form.querySelector("[name=url]");
  let chosen = [];
  // What was chosen before is kept: choosing again, by the system's own dialog too, adds to it.
  file.addEventListener("change", () => {
    const added = [...file.files].filter((one) => !chosen.includes(one));
    const isWhole = chosen.every((one) => [...file.files].includes(one));
    const all = isWhole || added.length === 0 ? [...file.files] : [...chosen, ...added];
    chosen = all;
    if (all.length !== file.files.length) set(file, all);
    else showFiles(form, file, (files) => ((chosen = files), set(file, files)));
  });
  address.addEventListener("change", () => showAddress(form, address));
  addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files].filter((pasted) => pasted.type.startsWith("image/"));
    if (files.length > 0) {
      event.preventDefault();
      take(file, files);
    } else if (!event.target.matches("input, textarea")) {
      const text = event.clipboardData.getData("text").trim();
      if (!/^https?:\/\/\S+$/.test(text)) return;
      address.value = text;
      address.dispatchEvent(new Event("change"));
    }
  });
}

const shown = new WeakMap();

/** A preview of each, with a button that takes it away again. */
async function showFiles(form, input, change) {
  const files = [...input.files];
  const list = form.querySelector("[data-previews]");
  const items = await Promise.all(files.map(async (file) => {
    if (!shown.has(file)) shown.set(file, await preview(file));
    const item = shown.get(file);
    item.querySelector("button").onclick = () => change([...input.files].filter((other) => other !== file));
    return item;
  }));
  if (files.some((file, i) => file !== input.files[i])) return;
  list.replaceChildren(...items);
  list.hidden = items.length === 0;
  list.classList.toggle("many", items.length > 1);
  form.querySelector(".drop").classList.toggle("filled", items.length > 0);
  const isOdd = items.some((item) => !item.querySelector("canvas"));
  say(form, isOdd ? "Not everything looks like a picture. It can be JPEG, PNG, WebP or GIF."
    : items.length > 1 ? `${items.length} pictures: ${items.length} pins.` : "");
}

async function preview(file) {
  const item = document.createElement("li");
  try {
    item.append(draw(await createImageBitmap(file, { imageOrientation: "from-image" })));
  } catch (error) {
    console.warn("No preview.", error);
    item.append(file.name);
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Remove";
  button.setAttribute("aria-label", `Remove ${file.name}`);
  item.append(button);
  return item;
}

async function showAddress(form, input) {
  if (!input.value || !input.checkValidity()) return;
  say(form, "Looking…");
  try {
    const asked = `${form.dataset.preview}?url=${encodeURIComponent(input.value)}`;
    const response = await fetch(asked, { credentials: "same-origin" });
    const found = await response.json();
    if (!response.ok) {
      say(form, found.detail ?? "That address did not answer. You can pin it all the same.");
      return;
    }
    fillIn(form, "title", found.title);
    fillIn(form, "description", found.description);
    const hasFile = form.querySelector("input[type=file]").files.length > 0;
    if (found.pictureUrl && !hasFile) showFound(form, await loadImage(found.pictureUrl));
    say(form, `Found on ${found.host}.`);
  } catch (error) {
    console.warn("No preview.", error);
    say(form, "That address did not answer. You can pin it all the same.");
  }
}

async function loadImage(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

// Drawn on a canvas: a blob: address in an img is something the content security policy forbids.
function draw(picture) {
  const canvas = document.createElement("canvas");
  canvas.className = "drop-preview";
  const scale = Math.min(1, previewWidthPx / picture.width);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function showFound(form, picture) {
  const list = form.querySelector("[data-previews]");
  const item = document.createElement("li");
  item.append(draw(picture));
  list.replaceChildren(item);
  list.hidden = false;
}

function fillIn(form, name, text) {
  const field = form.querySelector(`[name=${name}]`);
  if (text && field.value === "") field.value = text.slice(0, field.maxLength > 0 ? field.maxLength : undefined);
}

function say(form, text) {
  form.querySelector("[data-preview-state]").textContent = text;
}
