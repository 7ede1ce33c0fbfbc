// The plan table follows what is typed: minutes and count by the server's formula, the library by a
// search. Without this script a press on any button shows the same numbers.
(() => {
  "use strict";

  const MINUTE = 60;

  const number = (row, name) => {
    const field = row.querySelector(`[name$="-${name}"]`);
    return field ? Math.max(0, Number.parseInt(field.value, 10) || 0) : 0;
  };

  const seconds = (row, table) => {
    const counts = ["sets_left", "sets_right", "sets_both"].map((name) => number(row, name));
    const sets = counts.reduce((sum, count) => sum + count, 0);
    if (!sets) return 0;
    const hold = number(row, "hold_seconds");
    const timed = !row.querySelector('[name$="-reps"]');
    const work = timed ? hold : number(row, "reps") * (Number(table.dataset.rep) + hold);
    const rests = (Math.max(...counts) - 1) * number(row, "rest_seconds");
    return sets * work + rests + Number(table.dataset.setUp);
  };

  // One decimal as the server rounds it: an exact half goes to the even digit.
  const oneDecimal = (minutes) =>
    Math.abs(minutes) % 1 === 0.25 ? Math.floor(minutes * 10) / 10 : Number(minutes.toFixed(1));

  const show = (table) => {
    const rows = [...table.querySelectorAll("[data-row]:not([data-habit])")].filter(
      (row) => !row.querySelector('[name$="-remove"]:checked'),
    );
    const total = rows.reduce((sum, row) => sum + seconds(row, table), 0);
    const minutes = oneDecimal(total / MINUTE);
    const over = minutes - Number(table.dataset.budget);
    const each = (name, act) => document.querySelectorAll(`[data-${name}]`).forEach(act);
    const count = `${rows.length} exercise${rows.length === 1 ? "" : "s"}`;
    each("count", (place) => { place.textContent = count; });
    each("minutes", (place) => { place.textContent = minutes; });
    each("over", (place) => { place.hidden = over <= 0; });
    each("over-by", (place) => { place.textContent = over.toFixed(1); });
    each("many", (place) => { place.hidden = rows.length <= Number(table.dataset.most); });
  };

  const search = (find) => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    document.querySelectorAll(".shelf [data-group]").forEach((group) => {
      const cards = [...group.querySelectorAll("[data-find]")];
      cards.forEach((card) => {
        card.hidden = !words.every((word) => card.dataset.find.includes(word));
      });
      const shown = cards.filter((card) => !card.hidden).length;
      group.hidden = !shown;
      left += shown;
    });
    document.getElementById("shelf-count").textContent = words.length ? `${left} found` : "";
  };

  const table = document.querySelector("ol.plan-rows");
  if (table) {
    table.addEventListener("input", () => show(table));
    table.addEventListener("change", () => show(table));
  }
  const find = document.getElementById("shelf-find");
  if (find) {
    document.getElementById("shelf-search").hidden = false;
    find.addEventListener("input", () => search(find));
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // The form's first button would save.
    });
    find.closest("details").addEventListener("toggle", (event) => {
      if (event.target.open) find.focus();
    });
  }
})();
