// The behaviours of every page, and the loader of a page's own modules.
//
// <div data-module="learn/reader"> loads /assets/<version>/learn/reader.js and calls its default export with the element.
import "./colours.js";
import "./dialog.js";
import "./forms.js";
import "./menu.js";
import "./scrollers.js";
import "./shortcuts.js";
import "./toast.js";

export async function attach(root) {
  for (const element of root.querySelectorAll("[data-module]:not([data-attached])")) {
    element.dataset.attached = "";
    for (const name of element.dataset.module.split(" ")) {
      const module = await import(new URL(`../${name}.js`, import.meta.url));
      module.default(element);
    }
  }
}

attach(document);
for (const element of document.querySelectorAll("[data-focus]")) element.focus();
