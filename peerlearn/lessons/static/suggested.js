// What is suggested while one types: tools after a slash that begins a line, and lessons to link to.
import { type } from "./text.js";

const LEAST = 250; // milliseconds between two questions to the server

export function slash({ root, area }, run) {
  const tools = [...root.querySelectorAll("[data-tool]")].map((button) => ({
    title: button.getAttribute("aria-label"),
    sign: button.querySelector("svg"),
    run: () => run(button.dataset.tool),
  }));
  const kinds = [...root.querySelectorAll("[data-slash-kind]")].map((entry) => ({
    title: entry.textContent.trim(),
    sign: root.querySelector("[data-tool=question] svg"),
    run: () => run("question", entry.dataset.slashKind),
  }));
  return (before) => {
    const typed = /(?:^|\n)\/([\p{L}\d -]{0,30})$/u.exec(before);
    if (!typed) return null;
    const words = typed[1].trim().toLowerCase();
    const fits = (item) => item.title.toLowerCase().split(/[\s:]+/).some((word, at, all) => all.slice(at).join(" ").startsWith(words));
    return {
      start: before.length - typed[1].length - 1,
      items: () => [...tools, ...kinds].filter(fits),
      take: (item, start, end) => {
        type(area, "", start, end);
        item.run();
      },
    };
  };
}

// “[[words” becomes a link to a lesson, “[text](words” gets its address.
export function lessons({ root, area }) {
  const known = new Map();
  let last = 0;

  async function ask(words) {
    if (known.has(words)) return known.get(words);
    const mine = ++last;
    await new Promise((go) => setTimeout(go, LEAST));
    if (mine !== last) return [];
    try {
      const answer = await fetch(`${root.dataset.links}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return [];
      known.set(words, (await answer.json()).lessons);
    } catch {
      return [];
    }
    return known.get(words);
  }

  return (before) => {
    const whole = /(?<!\\)\[\[([^[\]\n]{0,80})$/.exec(before);
    const address = /\]\((?!https?:)([^()\s/][^()\n]{0,80}|)$/.exec(before);
    if (!whole && !address) return null;
    const words = (whole ?? address)[1];
    return {
      start: before.length - words.length - (whole ? 2 : 0),
      items: () => ask(words.trim()),
      take: (item, start, end) => {
        const title = item.title.replace(/[[\]\\]/g, "\\$&");
        if (whole) return type(area, `[${title}](${item.address})`, start, end);
        const closed = area.value[end] === ")";
        type(area, closed ? item.address : `${item.address})`, start, end);
      },
    };
  };
}
