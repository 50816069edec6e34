// What every page does: times of the reader's own clock, copying, and the parts that a page asks for.

import { editor } from "./editor.js";
import { live, onPatched } from "./live.js";
import { keys, switches } from "./player.js";
import { upload } from "./upload.js";
import { say } from "./saying.js";

function dress(part) {
  switches(part);
  for (const time of part.querySelectorAll("time[data-local]")) {
    const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
    time.textContent = format.format(new Date(time.dateTime));
  }
  for (const button of part.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard; // only where a page may write to it: https, or this machine
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  say("Copied.");
});

const main = document.querySelector("main");
live(main); // first: it remembers the page as the server sent it
dress(document);
onPatched(dress);
document.querySelector("[data-focus]")?.focus();
if (main.dataset.page === "job") keys(main);
if (main.dataset.page === "jobs") upload(main);
if (main.dataset.page === "clip") editor(main);
