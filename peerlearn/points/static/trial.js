// How far a count is: looked up every two seconds. When it is done, the whole page is shown.
const EVERY = 2000;

export default function start(element) {
  const timer = setInterval(look, EVERY);

  async function look() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-waits] .progress");
    if (fresh) return element.querySelector(".progress").replaceWith(fresh);
    clearInterval(timer);
    location.reload();
  }
}
