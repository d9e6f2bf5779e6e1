// Questions in a form: the server turns the form into the same text that can be typed, and the text into the form.
import { attach } from "../ui/app.js";
import { openDialog } from "../ui/dialog.js";
import { rangeOfLines, type } from "./text.js";

export function questions({ root, area, send }) {
  const body = root.querySelector("[data-question-body]");
  let range = null;

  async function open(values) {
    const data = new FormData();
    for (const [name, value] of Object.entries(values)) data.set(name, value);
    const answer = await send(root.dataset.questionForm, data);
    if (!answer.ok) return;
    body.innerHTML = (await answer.json()).form;
    openDialog("question-dialog");
    attach(body);
    body.querySelector("textarea, select")?.focus();
  }

  body.addEventListener("change", (event) => {
    if (event.target.matches("[data-question-kind]")) open({ kind: event.target.value });
  });
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const answer = await send(root.dataset.questionText, new FormData(event.target));
    if (!answer.ok) return;
    const said = await answer.json();
    const problems = body.querySelector("[data-question-problems]");
    const items = said.problems.map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      return item;
    });
    problems.querySelector("ul").replaceChildren(...items);
    problems.hidden = items.length === 0;
    if (items.length) {
      problems.scrollIntoView({ block: "nearest" });
      return;
    }
    body.closest("dialog").close();
    put(said.text);
  });
  root.addEventListener("click", (event) => {
    const edit = event.target.closest("[data-edit-question]");
    if (!edit) return;
    range = rangeOfLines(area.value, Number(edit.dataset.line), Number(edit.dataset.last));
    open({ text: area.value.slice(...range) });
  });

  function put(text) {
    if (range) return type(area, `${text}\n`, range[0], range[1]);
    const titled = /^# quiz[ \t]*$/im.test(area.value);
    const end = area.value.trimEnd().length;
    type(area, `${titled ? "" : "\n\n# Quiz"}\n\n${text}\n`, end, area.value.length);
  }

  return (kind = "single") => {
    range = null;
    open({ kind });
  };
}
