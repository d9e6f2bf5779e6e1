// Forms: filters submit themselves, nothing is sent twice, and unsaved changes are not lost by leaving.
let dirty = false;

document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-keep-form]")) dirty = true;
});
document.addEventListener("change", (event) => {
  // Words are sent by their button or Enter: the change comes just before, and would ask the same twice.
  if (!event.target.matches("select, [type=checkbox], [type=radio]")) return;
  event.target.closest("form[data-autosubmit]")?.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  dirty = false;
  event.submitter?.setAttribute("data-busy", "");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-busy]")) button.removeAttribute("data-busy");
});
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

// For modules that save by themselves: what was typed is safe now.
export function markSaved() {
  dirty = false;
}
