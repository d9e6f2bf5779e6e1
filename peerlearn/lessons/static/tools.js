// The toolbar: each tool types Markdown. One stop of the Tab key, arrow keys inside.
import { type, typeBlock } from "./text.js";

export function tools({ root, area }, { picture, question }) {
  const wrap = (mark, words) => () => {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd) || words;
    const start = area.selectionStart + mark.length;
    type(area, mark + chosen + mark);
    area.setSelectionRange(start, start + chosen.length);
  };
  const lines = (mark, words) => () => {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd) || words;
    const marked = chosen.split("\n").map((line, place) => mark(place) + line).join("\n");
    if (area.selectionStart === area.selectionEnd) typeBlock(area, marked, words);
    else type(area, marked);
  };
  const code = () => {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    if (chosen.includes("\n")) type(area, `\`\`\`\n${chosen}\n\`\`\``);
    else wrap("`", "code")();
  };
  const link = () => {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd) || "text";
    const at = area.selectionStart + chosen.length + 3;
    type(area, `[${chosen}](https://)`);
    area.setSelectionRange(at, at + 8);
  };
  const deeds = {
    card: () => typeBlock(area, "## Title of the card\n\nText", "Title of the card"),
    bold: wrap("**", "bold"),
    italic: wrap("*", "italic"),
    link,
    list: lines(() => "- ", "one thing"),
    steps: lines((place) => `${place + 1}. `, "first step"),
    quote: lines(() => "> ", "quote"),
    code,
    table: () => typeBlock(area, "| One | Other |\n|---|---|\n| a | b |", "One"),
    tip: () => typeBlock(area, '!!! tip "Title"\n    Text', "Title"),
    example: () => typeBlock(area, '!!! example "A worked example"\n    Text', "Text"),
    mistake: () => typeBlock(area, '!!! mistake "What goes wrong"\n    Text', "Text"),
    picture,
    question,
  };
  const bar = root.querySelector("[data-toolbar]");
  const buttons = [...bar.querySelectorAll("[data-tool]")];
  const aim = (place) => {
    buttons.forEach((button, number) => (button.tabIndex = number === place ? 0 : -1));
    buttons[place].focus();
  };
  buttons.forEach((button, number) => (button.tabIndex = number ? -1 : 0));
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tool]");
    if (button) deeds[button.dataset.tool]();
  });
  bar.addEventListener("keydown", (event) => {
    const place = buttons.indexOf(document.activeElement);
    const step = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: -1 }[event.key];
    if (step === undefined || place < 0) return;
    event.preventDefault();
    aim((step + buttons.length) % buttons.length);
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const name = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    deeds[name]();
  });
  return (name, ...more) => deeds[name](...more);
}
