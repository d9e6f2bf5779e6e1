// Keys for the quiz: 1-9 choose an option, g, f and c say how sure one is.
import { isTyping } from "../ui/shortcuts.js";

const SURE = { g: "guess", f: "fairly", c: "certain" };

export default function start() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const options = document.querySelectorAll(".question-options input");
    const chosen = /^[1-9]$/.test(event.key) ? options[Number(event.key) - 1] : null;
    const sure = SURE[event.key] && document.getElementById(`confidence-${SURE[event.key]}`);
    const target = chosen || sure;
    if (!target) return;
    event.preventDefault();
    target.click();
    target.focus();
  });
}
