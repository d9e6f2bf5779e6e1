// Shows what is left of a picture while its sides are cut off. The server cuts; this only draws.
const WIDE = 360;

export default function start(form) {
  const file = form.querySelector("[type=file]");
  const canvas = form.querySelector("[data-left-over-picture]");
  const size = form.querySelector("[data-left-over-size]");
  const cuts = [...form.querySelectorAll("[data-cut]")];
  const side = form.querySelector("[name=side]");
  let picture = null;

  const cutOff = (name, whole) => Math.floor((whole * Number(cuts.find((cut) => cut.name === name).value)) / 100);

  function draw() {
    for (const cut of cuts) cut.parentElement.querySelector("[data-cut-shown]").textContent = cut.value;
    canvas.hidden = !picture;
    size.textContent = "";
    if (!picture) return;
    const left = cutOff("left", picture.width);
    const top = cutOff("top", picture.height);
    const width = Math.max(1, picture.width - left - cutOff("right", picture.width));
    const height = Math.max(1, picture.height - top - cutOff("bottom", picture.height));
    const shown = Math.min(1, WIDE / width);
    canvas.width = Math.max(1, Math.round(width * shown));
    canvas.height = Math.max(1, Math.round(height * shown));
    canvas.getContext("2d").drawImage(picture, left, top, width, height, 0, 0, canvas.width, canvas.height);
    const smaller = Math.min(1, Number(side.value) / Math.max(width, height));
    const words = { width: Math.round(width * smaller), height: Math.round(height * smaller) };
    size.textContent = size.dataset.words.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  }

  // Two opposite sides together leave a tenth: the one that is moved pushes the other back.
  function keepSome(moved) {
    const across = { left: "right", right: "left", top: "bottom", bottom: "top" }[moved.name];
    const other = cuts.find((cut) => cut.name === across);
    if (Number(moved.value) + Number(other.value) > 90) other.value = String(90 - Number(moved.value));
  }

  async function load() {
    picture = file.files[0] ? await createImageBitmap(file.files[0]).catch(() => null) : null;
    draw();
  }

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-cut]")) keepSome(event.target);
    if (event.target !== file) draw();
  });
  file.addEventListener("change", load);
  form.addEventListener("reset", () => setTimeout(load));
}
