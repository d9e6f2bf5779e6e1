// Places of a hotspot, drawn on the picture: the fields of numbers stay the form, this only fills them.

const SIDES = ["left", "top", "width", "height"];
const SMALL = 3;
const SVG = "http://www.w3.org/2000/svg";

export default function start(root) {
  const form = root.closest("form");
  const stage = root.querySelector("[data-stage]");
  const places = [...root.querySelectorAll("[data-place-fields]")].map((fields) => new Place(fields));
  const picture = document.createElement("img");
  const drawing = document.createElementNS(SVG, "svg");
  const frame = document.createElement("div");
  const words = document.createElement("p");
  let active = places.find((place) => !place.area()) ?? places[0];
  let drag = null;

  picture.alt = "";
  picture.className = "hotspot-image";
  picture.draggable = false;
  drawing.setAttribute("class", "places-drawing");
  drawing.setAttribute("aria-hidden", "true");
  frame.className = "hotspot-picture";
  frame.append(picture, drawing);
  words.className = "small soft";
  stage.append(words, frame);

  function choose() {
    const chosen = form.querySelector("[name=picture]:checked");
    stage.hidden = !chosen;
    if (chosen) picture.src = `/media/${chosen.value}`;
  }

  function draw() {
    drawing.replaceChildren(...places.flatMap((place) => place.shapes(place === active)));
    for (const place of places) place.fields.classList.toggle("place-active", place === active);
    const next = toDraw();
    words.textContent = next.area() ? stage.dataset.move : stage.dataset.draw.replace("{number}", next.number);
  }

  // Drawing fills the place at hand, or the first one that is still empty.
  function toDraw() {
    return active.area() ? (places.find((place) => !place.area()) ?? active) : active;
  }

  function at(event) {
    const box = drawing.getBoundingClientRect();
    const percent = (value, whole) => Math.min(100, Math.max(0, (value / whole) * 100));
    return { x: percent(event.clientX - box.left, box.width), y: percent(event.clientY - box.top, box.height) };
  }

  drawing.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const hit = event.target.closest("[data-number]");
    active = hit ? places[Number(hit.dataset.number) - 1] : toDraw();
    drag = { from: at(event), area: active.area(), way: hit ? hit.dataset.way : "draw" };
    drawing.setPointerCapture(event.pointerId);
    draw();
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!drag) return;
    active.put(dragged(drag, at(event)));
    draw();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    drawing.addEventListener(name, () => {
      if (drag?.way === "draw") active.dropIfTiny(drag.area);
      drag = null;
      draw();
    });
  }
  root.addEventListener("input", draw);
  root.addEventListener("focusin", (event) => {
    const fields = event.target.closest("[data-place-fields]");
    if (!fields) return;
    active = places[Number(fields.dataset.placeFields) - 1];
    draw();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "picture") choose();
  });
  choose();
  draw();
}

// Where a place is after the pointer went from `from` to `to`.
function dragged({ from, area, way }, to) {
  if (way === "move") {
    const left = Math.min(100 - area.width, Math.max(0, area.left + to.x - from.x));
    const top = Math.min(100 - area.height, Math.max(0, area.top + to.y - from.y));
    return { ...area, left, top };
  }
  const start = way === "size" ? { x: area.left, y: area.top } : from;
  return {
    left: Math.min(start.x, to.x),
    top: Math.min(start.y, to.y),
    width: Math.abs(to.x - start.x),
    height: Math.abs(to.y - start.y),
  };
}

class Place {
  constructor(fields) {
    this.fields = fields;
    this.number = fields.dataset.placeFields;
    this.inputs = Object.fromEntries(SIDES.map((side) => [side, fields.querySelector(`[data-side=${side}]`)]));
  }

  area() {
    const found = Object.fromEntries(SIDES.map((side) => [side, this.inputs[side].valueAsNumber]));
    return SIDES.some((side) => Number.isNaN(found[side])) ? null : found;
  }

  put(area) {
    const edges = { left: area.left, top: area.top, width: area.left + area.width, height: area.top + area.height };
    const round = (value) => Math.round(value * 2) / 2;
    const values = {
      left: round(edges.left),
      top: round(edges.top),
      width: round(edges.width) - round(edges.left),
      height: round(edges.height) - round(edges.top),
    };
    for (const side of SIDES) this.inputs[side].value = String(values[side]);
  }

  dropIfTiny(before) {
    const area = this.area();
    if (!area || (area.width >= SMALL && area.height >= SMALL)) return;
    if (before) this.put(before);
    else for (const side of SIDES) this.inputs[side].value = "";
  }

  shapes(isActive) {
    const area = this.area();
    if (!area) return [];
    const look = isActive ? " places-active" : "";
    const box = this.shape("rect", "move", `places-box${look}`, { x: area.left, y: area.top, width: area.width, height: area.height });
    const label = this.shape("text", "move", "places-number", { x: area.left, y: area.top });
    label.setAttribute("dx", "6");
    label.setAttribute("dy", "18");
    label.textContent = this.number;
    const handle = this.shape("circle", "size", `places-handle${look}`, { cx: area.left + area.width, cy: area.top + area.height });
    handle.setAttribute("r", "8");
    return [box, label, handle];
  }

  shape(name, way, look, percents) {
    const shape = document.createElementNS(SVG, name);
    shape.setAttribute("class", look);
    shape.dataset.number = this.number;
    shape.dataset.way = way;
    for (const [key, value] of Object.entries(percents)) shape.setAttribute(key, `${value}%`);
    return shape;
  }
}
