// A short burst of small tiles from an element's middle. It takes no clicks, makes no noise and is over in a second.
const BITS = 36;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export function celebrate(element) {
  if (still.matches || typeof element.animate !== "function") return;
  const box = element.getBoundingClientRect();
  const layer = document.createElement("div");
  layer.className = "celebration-layer";
  layer.setAttribute("aria-hidden", "true");
  const ends = [];
  for (let number = 0; number < BITS; number += 1) {
    const bit = document.createElement("span");
    bit.className = "celebration-bit";
    layer.append(bit);
    const angle = (number / BITS) * 2 * Math.PI + Math.random() * 0.3;
    const far = 90 + Math.random() * Math.min(260, innerWidth / 3);
    const x = box.left + box.width / 2 - 7;
    const y = box.top + Math.min(box.height, innerHeight) / 2 - 7;
    const turn = Math.random() * 540 - 270;
    const start = `translate(${x}px, ${y}px) rotate(0) scale(0.2)`;
    const high = `translate(${x + Math.cos(angle) * far}px, ${y + Math.sin(angle) * far * 0.75}px) rotate(${turn}deg) scale(1)`;
    const low = `translate(${x + Math.cos(angle) * far * 1.1}px, ${y + Math.sin(angle) * far * 0.75 + 90}px) rotate(${turn * 1.6}deg) scale(0.7)`;
    const frames = [
      { transform: start, opacity: 1 },
      { transform: high, opacity: 1, offset: 0.45, easing: "ease-in" },
      { opacity: 1, offset: 0.75 },
      { transform: low, opacity: 0 },
    ];
    const run = { duration: 900 + Math.random() * 500, easing: "cubic-bezier(0.1, 0.8, 0.3, 1)", fill: "both" };
    ends.push([bit, frames, run]);
  }
  document.body.append(layer);
  Promise.all(ends.map(([bit, frames, run]) => bit.animate(frames, run).finished)).finally(() => layer.remove());
}

export default function start(element) {
  requestAnimationFrame(() => celebrate(element));
}
