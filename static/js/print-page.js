// The print button of a plan whose PDF is not ready. Without this script the browser's own way works.
"use strict";

const button = document.getElementById("print-page");
button.hidden = false;
button.addEventListener("click", () => window.print());
