// Copies the note text in one press. Without this script, or without a clipboard, the button opens
// a page with the text.
"use strict";
for (const form of document.querySelectorAll("[data-copy-note]")) {
  const said = form.querySelector("[data-copied]");
  form.addEventListener("submit", async (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "text/plain" },
      });
      if (!answer.ok) throw new Error(answer.status);
      await navigator.clipboard.writeText(await answer.text());
      said.textContent = said.dataset.copied;
    } catch {
      form.submit();
    }
  });
}
