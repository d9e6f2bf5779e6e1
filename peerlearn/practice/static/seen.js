// What came in is seen, so none of it is news any more. Answers that did not count are told of once, with why.
import "./kept.js";

const kept = globalThis.peerlearnKept;

export default async function start(element) {
  if (!("indexedDB" in window)) return;
  const person = Number(document.querySelector("[data-person]").dataset.person);
  const news = await kept.mine("news", person);
  const others = news.filter((each) => each.fate !== "counted");
  const section = element.querySelector("[data-others]");
  section.querySelector("ul").replaceChildren(...others.map((each) => note(each, section.dataset)));
  section.hidden = !others.length;
  for (const each of news) await kept.drop("news", each.question);
}

function note({ message, typed, page }, words) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = page;
  link.textContent = words.link;
  line.append(message, " ", typed ? `${words.typed} “${typed}”. ` : "", link);
  return line;
}
