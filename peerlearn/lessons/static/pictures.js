// Pictures by button, paste or drop. What a picture shows is asked before it is sent.
import { openDialog } from "../ui/dialog.js";
import { type } from "./text.js";

export function pictures({ root, area, send }) {
  const form = root.querySelector("[data-picture-form]");
  const input = form.querySelector("[name=picture]");
  const alt = form.querySelector("[name=alt]");
  const wrong = form.querySelector("[data-picture-error]");
  let place = 0;

  function ask(file) {
    place = area.selectionEnd;
    form.reset();
    wrong.hidden = true;
    if (file) {
      const chosen = new DataTransfer();
      chosen.items.add(file);
      input.files = chosen.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    openDialog("picture-dialog");
    (file ? alt : input).focus();
  }

  const imageOf = (list) => [...(list?.files ?? [])].find((file) => file.type.startsWith("image/"));
  area.addEventListener("paste", (event) => {
    const file = imageOf(event.clipboardData);
    if (!file || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    ask(file);
  });
  area.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  area.addEventListener("drop", (event) => {
    const file = imageOf(event.dataTransfer);
    if (!file) return;
    event.preventDefault();
    ask(file);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    wrong.hidden = true;
    try {
      const answer = await send(root.dataset.pictures, new FormData(form));
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.message);
      form.closest("dialog").close();
      type(area, said.markdown, place, place);
    } catch (trouble) {
      wrong.textContent = trouble.message;
      wrong.hidden = false;
    }
  });
  return () => ask(null);
}
