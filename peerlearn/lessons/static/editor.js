// The editor: saves by itself, shows the lesson as it is typed, and never writes into what somebody is typing.
import { keepSafe } from "./autosave.js";
import { liveSight } from "./sight.js";
import { outline } from "./outline.js";
import { pictures } from "./pictures.js";
import { questions } from "./questions.js";
import { lessons, slash } from "./suggested.js";
import { suggestions } from "./suggestions.js";
import { tools } from "./tools.js";
import { goToLine } from "./text.js";

export default function start(root) {
  const area = root.querySelector("textarea[name=source]");
  const form = root.querySelector("#edit-form");
  const token = form.querySelector("[name=csrf_token]").value;
  const send = (url, data) =>
    fetch(url, { method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": token } });
  const context = { root, area, form, send };

  const deeds = { picture: pictures(context), question: questions(context) };
  suggestions(context, [slash(context, (name, kind) => run(name, kind)), lessons(context)]);
  const run = tools(context, deeds);
  keepSafe(context);
  liveSight(context);
  outline(context);

  root.addEventListener("click", (event) => {
    const place = event.target.closest("[data-line]:not([data-edit-question])");
    if (!place) return;
    event.preventDefault();
    goToLine(area, Number(place.dataset.line));
  });
}
