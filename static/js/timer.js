// A timer for holds and rests. Without it the dose in words is enough.
// It reads the clock on the wall, so that it is right after the phone was locked or the tab asleep.
"use strict";

const READY = 5, LOOSE = 3, SHORT_HOLD = 3;
const words = document.getElementById("clock-words")?.dataset ?? {};

const say = (text, values = {}) =>
  Object.entries(values).reduce((t, [name, value]) => t.replace(`{${name}}`, value), text ?? "");

// A dose as a row of parts: {kind, seconds, note}; seconds 0 waits for a press.
function partsOf({ rounds, reps, hold, rest, ready }) {
  const parts = [{ kind: "ready", seconds: Number(ready || READY), note: "" }];
  const sets = rounds.split(",").map((round) => round.split(" "));
  sets.forEach((sides, at) => {
    const set = sets.length > 1 ? say(words.set, { n: at + 1, m: sets.length }) : "";
    sides.forEach((side, place) => {
      if (place) parts.push({ kind: "change", seconds: READY, note: words[side] });
      parts.push(...work(Number(reps), Number(hold), [set, words[side]]));
    });
    if (at < sets.length - 1) parts.push({ kind: "rest", seconds: Number(rest) || READY, note: set });
  });
  return parts;
}

function work(reps, hold, notes) {
  const note = (...more) => [...notes, ...more].filter(Boolean).join(", ");
  if (!reps) return [{ kind: "hold", seconds: hold, note: note() }];
  if (hold < SHORT_HOLD) return [{ kind: "work", seconds: 0, reps, note: note() }];
  const parts = [];
  for (let rep = 1; rep <= reps; rep += 1) {
    const count = note(say(words.rep, { n: rep, m: reps }));
    parts.push({ kind: "hold", seconds: hold, note: count });
    if (rep < reps) parts.push({ kind: "loose", seconds: LOOSE, note: count });
  }
  return parts;
}

function build(box) {
  const parts = partsOf(box.dataset);
  const add = (tag, name, parent = box) => {
    const made = document.createElement(tag);
    made.className = name;
    parent.append(made);
    return made;
  };
  const now = add("p", "clock-now");
  const number = add("p", "clock-number");
  const count = add("p", "clock-count");
  const row = add("div", "clock-buttons");
  const heard = add("p", "visually-hidden");
  heard.setAttribute("role", "status");
  number.setAttribute("aria-hidden", "true");
  const button = (text, press) => {
    const made = add("button", "btn", row);
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", press);
    return made;
  };
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", say(words.timer, { name: box.dataset.name }));

  let at = -1, ends = 0, left = 0, ticking = 0, awake = null;
  const start = button(words.start, () => (at < 0 ? enter(0, Date.now()) : goOn()));
  const next = button(words.setDone, () => enter(at + 1, Date.now()));
  const pause = button(words.pause, stop);
  const reset = button(words.reset, () => { halt(); at = -1; left = 0; keepFocus(() => show(true)); });

  const text = (part) =>
    part.kind === "work"
      ? (part.reps === 1 ? words.once : say(words.work, { n: part.reps }))
      : words[part.kind];

  // From part `to`, begun at `from`: pass over whatever ended while nobody looked.
  function enter(to, from) {
    let begun = from;
    at = to;
    while (parts[at]?.seconds && begun + parts[at].seconds * 1000 <= Date.now()) {
      begun += parts[at].seconds * 1000;
      at += 1;
    }
    left = 0;
    const part = parts[at];
    if (!part?.seconds) halt();
    else {
      ends = begun + part.seconds * 1000;
      ticking ||= setInterval(tick, 250);
      stayAwake();
    }
    navigator.vibrate?.(part ? 200 : [200, 100, 200]);
    keepFocus(() => show(true));
  }
  // A button that goes away hands its focus on; focus elsewhere on the page is left alone.
  function keepFocus(change) {
    const mine = row.contains(document.activeElement);
    change();
    if (mine && (!row.contains(document.activeElement) || document.activeElement.hidden)) {
      [next, pause, start, reset].find((one) => !one.hidden)?.focus({ preventScroll: true });
    }
  }
  function tick() {
    if (Date.now() >= ends) enter(at + 1, ends);
    else show(false);
  }
  function stop() { left = ends - Date.now(); halt(); keepFocus(() => show(true)); }
  function goOn() {
    const begun = Date.now() - (parts[at].seconds * 1000 - left);
    enter(at, begun);
  }
  function halt() { clearInterval(ticking); ticking = 0; awake?.release?.(); awake = null; }
  async function stayAwake() {
    if (awake || !navigator.wakeLock) return;
    awake = {};
    try { awake = await navigator.wakeLock.request("screen"); } catch { awake = null; }
  }
  function show(changed) {
    const part = parts[at];
    const over = at >= parts.length;
    const still = ticking ? Math.ceil((ends - Date.now()) / 1000) : Math.ceil(left / 1000);
    number.textContent = part?.seconds ? Math.max(still, 0) : part ? part.reps : "";
    start.hidden = Boolean(ticking) || over || Boolean(part && !part.seconds);
    start.textContent = at < 0 ? words.start : words.go;
    pause.hidden = !ticking;
    next.hidden = !(part && !part.seconds);
    reset.hidden = at < 0;
    number.hidden = at < 0 || over;
    if (!changed) return;
    now.textContent = over ? (box.dataset.over || words.over) : part ? text(part) : "";
    count.textContent = part?.note ?? "";
    now.hidden = count.hidden = at < 0;
    const seconds = part?.seconds ? say(words.seconds, { n: part.seconds }) : "";
    const paused = at >= 0 && !over && !ticking && part?.seconds ? words.paused : "";
    heard.textContent = at < 0 ? "" : [paused || now.textContent, count.textContent, paused ? "" : seconds]
      .filter(Boolean).join(". ");
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !ticking) return;
    awake = null;
    tick();
    if (ticking) stayAwake();
  });
  show(true);
  box.hidden = false;
  box.parentElement.classList.add("has-clock");
}

document.querySelectorAll(".clock").forEach(build);
