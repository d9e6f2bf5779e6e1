// Copies the text of a code block.
export default function start(element) {
  const button = element.querySelector("[data-copy]");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(element.querySelector("code").textContent);
    button.querySelector("span").textContent = button.dataset.done;
  });
}
