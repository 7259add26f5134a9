// The page for a new pin: what was chosen, dropped or pasted is shown before it is sent.
import { take } from "./upload.js";

const previewWidthPx = 900;

export function startNewPin() {
  const form = document.querySelector("[data-new-pin]");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const address = form.querySelector("[name=url]");
  file.addEventListener("change", () => showFile(form, file));
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

// Drawn on a canvas: a blob: address in an img is something the content security policy forbids.
async function showFile(form, input) {
  const [file] = input.files;
  if (!file) return;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    draw(form, bitmap);
    say(form, "");
  } catch (error) {
    console.warn("No preview.", error);
    hidePreview(form);
    say(form, "This does not look like a picture. It can be JPEG, PNG, WebP or GIF.");
  }
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
    if (found.pictureUrl && !hasFile) draw(form, await loadImage(found.pictureUrl));
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

function draw(form, picture) {
  const canvas = form.querySelector(".drop-preview");
  const scale = Math.min(1, previewWidthPx / picture.width);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.hidden = false;
  canvas.closest(".drop").classList.add("filled");
  form.querySelector(".drop-words").hidden = true;
}

function hidePreview(form) {
  form.querySelector(".drop-preview").hidden = true;
  form.querySelector(".drop").classList.remove("filled");
  form.querySelector(".drop-words").hidden = false;
}

function fillIn(form, name, text) {
  const field = form.querySelector(`[name=${name}]`);
  if (text && field.value === "") field.value = text.slice(0, field.maxLength > 0 ? field.maxLength : undefined);
}

function say(form, text) {
  form.querySelector("[data-preview-state]").textContent = text;
}
