// What is pasted from a page or a document keeps its headings and lists: the server reads it, and the text is typed here.
import { type } from "./text.js";

export default function start(root) {
  const area = root.querySelector("[data-notes]");
  const token = root.querySelector("[name=csrf_token]").value;

  area?.addEventListener("paste", async (event) => {
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain");
    if (!html || !/<(h[1-6]|ul|ol|table|pre)[\s>]/i.test(html)) return;
    event.preventDefault();
    type(area, await read(html).catch(() => plain));
  });

  async function read(html) {
    const data = new FormData();
    data.set("html", html);
    const answer = await fetch(root.dataset.text, { method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": token } });
    if (!answer.ok) throw new Error("not read");
    return (await answer.json()).text;
  }
}
