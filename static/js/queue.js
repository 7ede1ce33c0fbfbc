// Keys of the queue: j next, k previous, o open, / search, ? help. They work only while a row's link
// is in focus (WCAG 2.1.4), so that no single key acts while somebody types or dictates.
"use strict";
(() => {
  const list = document.getElementById("result_list");
  const help = document.querySelector("[data-queue-keys]");
  if (!list || !help) return;
  const links = [...list.querySelectorAll(".field-patient_cell a")];
  const focus = (place) => links[Math.min(Math.max(place, 0), links.length - 1)]?.focus();
  const acts = {
    j: (place) => focus(place + 1),
    k: (place) => focus(place - 1),
    o: (place) => links[place].click(),
    "/": () => document.getElementById("searchbar").focus(),
    "?": () => { help.hidden = !help.hidden; },
  };
  help.hidden = false;
  help.querySelector("[data-queue-start]").addEventListener("click", () => focus(0));
  list.addEventListener("keydown", (event) => {
    const place = links.indexOf(document.activeElement);
    const act = acts[event.key];
    if (place < 0 || !act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(place);
  });
})();
