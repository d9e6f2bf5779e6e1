// The questions of the day without a network: an answer stays on this device until it has come in.
import "./kept.js";

const kept = globalThis.peerlearnKept;

export default function start(root) {
  const person = Number(document.querySelector("[data-person]").dataset.person);
  const elsewhere = root.querySelector("[data-elsewhere]");
  elsewhere.hidden = location.pathname === elsewhere.dataset.elsewhere;
  const connected = () => {
    root.querySelector("[data-offline]").hidden = navigator.onLine;
    root.querySelector("[data-online]").hidden = !(navigator.onLine && elsewhere.hidden);
  };
  for (const name of ["online", "offline"]) addEventListener(name, connected);
  connected();
  const questions = [...root.querySelectorAll("[data-question]")];
  for (const question of questions) {
    question.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      answer(question, event.target, person).catch((problem) => complain(question, problem.message));
    });
  }
  const show = () => showAll(questions, person);
  if ("BroadcastChannel" in window) new BroadcastChannel("peerlearn-kept").onmessage = show;
  show();
  list(root.querySelector("[data-lessons]"), person);
  habit(root.querySelector("[data-habit]"), person);
}

async function habit(line, person) {
  const box = line.querySelector("input");
  box.checked = (await kept.habit(person)) !== false;
  box.addEventListener("change", () => kept.keepByItself(person, box.checked));
  line.hidden = false;
}

async function answer(question, form, person) {
  const note = question.querySelector("[data-problem]");
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  if (!isWhole(form)) return complain(question, note.dataset.problem);
  note.hidden = true;
  const typed = [...form.querySelectorAll("[type=text]")].map((field) => field.value).join(", ");
  const page = question.dataset.page;
  await kept.keepAnswer({ question: question.dataset.question, url: form.getAttribute("action"), page, person, fields, typed });
  await showOne(question, person);
  question.querySelector("[data-done]").focus();
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("answers")).catch(() => {});
  if (navigator.onLine) kept.send();
}

function isWhole(form) {
  const own = [...form.elements].filter((field) => field.name.startsWith("answer"));
  const choices = own.filter((field) => field.matches("[type=radio], [type=checkbox]"));
  const others = own.filter((field) => !choices.includes(field));
  return others.every((field) => field.value.trim()) && (!choices.length || choices.some((field) => field.checked));
}

function complain(question, words) {
  const note = question.querySelector("[data-problem]");
  note.querySelector("span").textContent = words;
  note.hidden = false;
}

async function showAll(questions, person) {
  for (const question of questions) await showOne(question, person);
}

async function showOne(question, person) {
  const key = question.dataset.question;
  const news = (await kept.mine("news", person)).find((each) => each.question === key);
  const waiting = (await kept.mine("answers", person)).find((each) => each.question === key);
  const form = question.querySelector("form");
  const done = question.querySelector("[data-done]");
  const words = done.querySelector("[data-words]");
  const isDone = Boolean(waiting || (news && news.fate !== "unread"));
  form.hidden = isDone;
  done.hidden = !isDone;
  done.dataset.tone = waiting || news?.right ? "good" : "plain";
  words.textContent = waiting || !news ? words.dataset.words : news.message;
  done.querySelector("[data-explained]").hidden = Boolean(waiting) || !["counted", "elsewhere"].includes(news?.fate);
  if (news && !isDone) restore(question, form, news);
}

// An answer that could not be read comes back as it was typed.
function restore(question, form, { key, fields, message }) {
  if (question.dataset.restored === key) return;
  question.dataset.restored = key;
  const typed = new Map(fields);
  for (const field of form.elements) {
    const given = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.matches("[type=radio], [type=checkbox]")) field.checked = given.includes(field.value);
    else if (typed.has(field.name)) field.value = typed.get(field.name);
  }
  complain(question, message);
}

async function list(section, person) {
  const lessons = (await kept.mine("lessons", person)).sort((a, b) => b.at - a.at);
  section.querySelector("ul").replaceChildren(
    ...lessons.map((lesson) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = lesson.url.replace(/\/whole$/, "");
      link.textContent = lesson.title;
      line.append(link);
      return line;
    }),
  );
  section.hidden = !lessons.length;
}
