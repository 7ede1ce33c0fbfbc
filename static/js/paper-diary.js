// Keying in a paper diary: after a key the next box of the sheet is in focus, "a" fills the line and
// goes on with the next, arrows move. Without this script Tab moves, and the server reads "a" alike.
"use strict";
(() => {
  const form = document.getElementById("paper-diary");
  if (!form) return;
  const lines = [...form.querySelectorAll("tr[data-kind]")].map((row) => [...row.querySelectorAll("input")]);
  const boxes = lines.flat();
  const asked = boxes.filter((box) => box.tabIndex === 0 && !box.disabled);
  const save = form.querySelector("button[type=submit]");
  const go = (box) => { (box || save).focus(); box?.select(); };
  const next = (box) => asked.find((other) => boxes.indexOf(other) > boxes.indexOf(box));
  const before = (box) => asked.findLast((other) => boxes.indexOf(other) < boxes.indexOf(box));
  const lineOf = (box) => lines.find((line) => line.includes(box));
  const fill = (box) => {
    const line = lineOf(box);
    line.slice(line.indexOf(box)).forEach((other) => {
      if (asked.includes(other) && ["", "a"].includes(other.value.toLowerCase())) other.value = "x";
    });
    go(next(line.at(-1)));
  };
  const beside = (box, down) => {
    const at = lines.indexOf(lineOf(box));
    return lines[at + down]?.[lines[at].indexOf(box)];
  };
  form.addEventListener("input", (event) => {
    const box = event.target;
    if (!boxes.includes(box)) return;
    if (box.value === " ") box.value = "";
    else if (!box.value) return;
    if (box.value.toLowerCase() === "a" && box.closest("tr").dataset.kind === "ticks") fill(box);
    else go(next(box));
  });
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!boxes.includes(box) || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = {
      ArrowRight: () => next(box),
      ArrowLeft: () => before(box),
      ArrowDown: () => beside(box, 1),
      ArrowUp: () => beside(box, -1),
      Backspace: () => (box.value ? null : before(box)),
    }[event.key]?.();
    if (!target || target.disabled) return;
    event.preventDefault();
    go(target);
  });
  go(asked[0]);
})();
