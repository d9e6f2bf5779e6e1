// Code and tables that are wider than their place can be scrolled with the arrow keys too.
function mark() {
  for (const element of document.querySelectorAll("pre, .prose table")) {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}

// A row of tabs that is wider than the screen begins where one is.
function reveal() {
  for (const tab of document.querySelectorAll(".tabs .tab[aria-current]")) {
    const row = tab.closest(".tabs");
    const spare = (row.clientWidth - tab.offsetWidth) / 2;
    row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - spare;
  }
}

mark();
reveal();
addEventListener("resize", mark);
document.fonts?.ready.then(mark);
