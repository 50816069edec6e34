// The edit page: ends by a word or a tenth of a second, words to click, counters that run along. The form is the truth.

import { bodyOf, lengthOf } from "./counting.js";
import { isForUs, shuttle } from "./player.js";
import { say } from "./saying.js";

const STEP_SECONDS = 0.1;

export function editor(main) {
  const form = main.querySelector("[data-editor]");
  if (!form) return;
  const video = main.querySelector("[data-source]");
  const words = [...main.querySelectorAll(".word")];
  for (const part of main.querySelectorAll("[data-transcript], [data-nudges], [data-keys]")) part.hidden = false;
  for (const part of main.querySelectorAll("[data-plain]")) part.remove(); // the words themselves are there
  counters(main);
  if (!form.elements.start) return; // a key that may only look

  const ends = { start: form.elements.start, end: form.elements.end };
  const set = (name, seconds, text) => {
    ends[name].value = Math.max(0, seconds).toFixed(2);
    ends[name].dispatchEvent(new Event("input", { bubbles: true }));
    say(`${name === "start" ? "Starts" : "Ends"} at ${clock(seconds)}${text ? `, “${text}”` : ""}.`);
  };
  const show = () => mark(words, form, Number(ends.start.value), Number(ends.end.value));
  for (const [name, input] of Object.entries(ends)) {
    input.addEventListener("input", show);
    input.addEventListener("keydown", (event) => { // without a step of its own it would move by a whole second
      const by = { ArrowUp: STEP_SECONDS, ArrowDown: -STEP_SECONDS }[event.key];
      if (!by) return;
      event.preventDefault();
      set(name, Number(input.value) + by);
    });
  }
  show();

  form.addEventListener("click", (event) => {
    const nudge = event.target.closest("[data-nudge]");
    if (nudge) set(nudge.dataset.nudge, Number(ends[nudge.dataset.nudge].value) + Number(nudge.dataset.by));
    const word = event.target.closest(".word");
    if (word) {
      reach(words, word);
      if (video) video.currentTime = Number(word.dataset.start);
    }
  });
  reach(words, words.find((word) => word.classList.contains("first")) ?? words[0], false);
  document.addEventListener("keydown", (event) => {
    if (!isForUs(event)) return;
    const word = event.target.closest(".word");
    const name = { i: "start", o: "end" }[event.key.toLowerCase()];
    if (name && word) set(name, Number(word.dataset[name === "start" ? "begin" : "finish"]), word.textContent);
    else if (name && video) set(name, video.currentTime);
    else if (word && move(words, word, event.key)) event.preventDefault();
    else shuttle(video ?? main.querySelector("[data-player]"), event);
  });
  if (video) stopAtEnd(video, ends);
}

function mark(words, form, start, end) {
  const inside = words.filter((word) => {
    const middle = (Number(word.dataset.start) + Number(word.dataset.end)) / 2;
    const holds = start <= middle && middle < end;
    word.classList.toggle("inside", holds);
    word.classList.remove("first", "last");
    return holds;
  });
  inside[0]?.classList.add("first");
  inside.at(-1)?.classList.add("last");
  const length = end - start;
  const told = form.querySelector("[data-length]");
  told.textContent = `${length.toFixed(1)} s`;
  told.classList.toggle("over", length < 3 || length > 90);
  form.querySelector("[data-clock]").textContent = `${tenths(start)}–${tenths(end)}`;
}

function reach(words, word, focus = true) {
  if (!word) return;
  for (const other of words) other.tabIndex = other === word ? 0 : -1;
  if (focus) word.focus();
  else word.parentElement.scrollTop = word.offsetTop - word.parentElement.clientHeight / 3;
}

function move(words, word, key) {
  const at = words.indexOf(word);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + 8, ArrowUp: at - 8, Home: 0, End: words.length - 1 }[key];
  if (to === undefined) return false;
  reach(words, words[Math.min(words.length - 1, Math.max(0, to))]);
  return true;
}

function stopAtEnd(video, ends) {
  video.addEventListener("timeupdate", () => {
    const end = Number(ends.end.value);
    if (!video.paused && video.currentTime >= end && video.currentTime < end + 0.4) video.pause();
  });
  video.addEventListener("play", () => {
    const outside = video.currentTime < Number(ends.start.value) - 0.05 || video.currentTime >= Number(ends.end.value) - 0.05;
    if (outside) video.currentTime = Number(ends.start.value);
  });
}

function counters(main) {
  for (const post of main.querySelectorAll("[data-post]")) {
    const [text, tags, used] = ["text", "tags"].map((part) => post.querySelector(`[data-post-${part}]`)).concat(post.querySelector("[data-used]"));
    const count = () => {
      const now = lengthOf(bodyOf(text.value, tags.value), post.dataset.unit);
      tell(used, now, Number(post.dataset.most));
    };
    text.addEventListener("input", count);
    tags.addEventListener("input", count);
    count();
  }
  for (const input of main.querySelectorAll("[data-count][data-most]")) {
    const used = document.createElement("span");
    used.className = "small faint num";
    input.after(used);
    const count = () => tell(used, lengthOf(input.value, input.dataset.unit), Number(input.dataset.most));
    input.addEventListener("input", count);
    count();
  }
}

function tell(place, now, most) {
  place.textContent = now > most ? `${now} of ${most}, ${now - most} too long` : `${now} of ${most}`;
  place.classList.toggle("over", now > most);
}

function tenths(seconds) {
  const all = Math.round(seconds * 10);
  const [whole, rest] = [Math.floor(all / 10), all % 10];
  const [hours, minutes, last] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(String);
  const front = hours === "0" ? minutes : `${hours}:${minutes.padStart(2, "0")}`;
  return `${front}:${last.padStart(2, "0")}.${rest}`;
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(2).padStart(5, "0")}`;
}
