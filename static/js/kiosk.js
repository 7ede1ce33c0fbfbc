// A shared tablet: says when it is about to clear itself, and shows nothing that a browser kept for
// Back. The server clears it in any case; without this script it warns with a page of its own.
"use strict";

const WARN_MS = 90_000;
const WIPE_MS = 120_000;
const TELL_MS = 10_000;

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.body.replaceChildren();
    location.reload();
  }
});

const warning = document.getElementById("still-there");
if (warning) {
  const stay = document.getElementById("stay");
  let touched = Date.now();
  let told = touched;

  const tell = () => {
    told = Date.now();
    const body = new URLSearchParams(new FormData(stay));
    fetch(stay.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  };
  const touch = () => {
    if (warning.open) return;
    touched = Date.now();
    if (touched - told > TELL_MS) tell();
  };
  for (const kind of ["pointerdown", "keydown", "scroll", "input"]) {
    addEventListener(kind, touch, { passive: true });
  }
  stay.addEventListener("submit", (event) => {
    event.preventDefault();
    warning.close();
    touched = Date.now();
    tell();
  });
  warning.addEventListener("cancel", () => {
    touched = Date.now();
    tell();
  });
  setInterval(() => {
    const idle = Date.now() - touched;
    if (idle >= WIPE_MS) {
      document.querySelector("aside.tablet form").requestSubmit();
    } else if (idle >= WARN_MS && !warning.open) {
      warning.showModal();
    }
  }, 1000);
}
