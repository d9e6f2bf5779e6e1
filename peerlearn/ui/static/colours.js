// Light, dark or as the system says; the choice stays in this browser.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

export function chooseColours(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    root.dataset.storage = "none";
  }
  show();
}

function show() {
  for (const input of document.querySelectorAll("[data-theme-choice]")) {
    input.checked = input.value === (root.dataset.theme ?? "system");
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-theme-choice]")) chooseColours(event.target.value);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const now = root.dataset.theme ?? (dark.matches ? "dark" : "light");
  chooseColours(now === "dark" ? "light" : "dark");
});
show();
