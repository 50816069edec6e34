// Keeps a page up to date: the server draws it, and whatever part it draws differently by now is put in its place.
// Parts carry `data-region`; what somebody plays, opened or types in a part that didn't change is left alone.

import { say } from "./saying.js";

const POLL_MS = 2000;
const SLOW_MS = 10000;
const AGAIN_MS = 3000;
const listeners = [];
let sent = new Map(); // each region as the server sent it

export function onPatched(listener) {
  listeners.push(listener);
}

export function live(main) {
  remember(document);
  main.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form) return;
    event.preventDefault();
    follow(form, event.submitter);
  });
  if (main.dataset.events) watch(main);
  else if (["jobs", "results"].includes(main.dataset.page)) poll(main);
}

async function follow(form, button) {
  const told = new URLSearchParams(new FormData(form, button));
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: told });
    const page = parsed(await answer.text());
    if (isLogin(answer)) {
      say("Your session has ended. Nothing was changed; log in again.");
      return;
    }
    if (!answer.ok) {
      say(page.querySelector("h1")?.textContent ?? "That did not work.");
      return;
    }
    const short = form.closest("[data-short]");
    patch(page);
    say(`${form.querySelector("[name=clip]") ? "Short " + form.elements.clip.value : "All of them"}: ${button.value}.`);
    if (short) document.getElementById(short.id)?.focus({ preventScroll: true });
  } catch {
    say("The API can't be reached. Nothing was changed.");
  } finally {
    button.disabled = false;
  }
}

function isLogin(answer) {
  return new URL(answer.url).pathname === "/ui/login"; // it was led there, and that page itself is well
}

async function refresh() {
  const { address } = document.querySelector("main").dataset; // of a page that answered a form it isn't the location's
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (answer.redirected || answer.status === 401) return location.assign(address); // the session has ended
  if (answer.ok) patch(parsed(await answer.text()));
}

function watch(main) {
  const events = new EventSource(main.dataset.events);
  let waiting;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh().catch(() => {}), 200);
  };
  events.addEventListener("progress", (event) => {
    if (!moved(main, JSON.parse(event.data))) soon();
  });
  for (const name of ["state", "clip"]) events.addEventListener(name, soon);
  events.addEventListener("done", () => {
    events.close();
    delete main.dataset.events;
    soon();
  });
  events.addEventListener("error", () => {
    if (events.readyState !== EventSource.CLOSED) return; // it connects again by itself, but not after a refusal
    clearTimeout(waiting);
    setTimeout(() => refresh().catch(() => {}).then(() => main.dataset.events && watch(main)), AGAIN_MS);
  });
}

// Moves the bars to where a job is; tells whether that was all that there is to change.
function moved(main, told) {
  const bar = main.querySelector("[data-progress]");
  const doing = main.querySelector("[data-doing]");
  if (!bar || doing?.dataset.stage !== (told.stage ?? "")) return false;
  bar.value = told.progress * 1000;
  doing.querySelector("[data-percent]").textContent = Math.floor(told.progress * 100);
  return told.clips.every((clip) => {
    const bar = main.querySelector(`[data-clip-progress="${clip.number}"]`);
    if (bar) bar.value = clip.progress * 100;
    return main.querySelector(`[data-clip="${clip.number}"]`)?.dataset.state === clip.state;
  });
}

function poll(main) {
  const look = async () => {
    const moves = main.querySelector("[data-moving]");
    if (!document.hidden) await refresh().catch(() => {});
    setTimeout(look, moves ? POLL_MS : SLOW_MS);
  };
  setTimeout(look, POLL_MS);
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

function regions(part) {
  return [...part.querySelectorAll("[data-region]")];
}

function remember(page) {
  sent = new Map(regions(page).map((region) => [region.dataset.region, region.outerHTML]));
}

function patch(page) {
  const status = document.querySelector("[data-status]")?.dataset.status;
  const [old, fresh] = [document, page].map((one) => one.querySelector("[data-regions]"));
  if (!old || !fresh) {
    if (old || fresh) location.assign(document.querySelector("main").dataset.address);
    return;
  }
  const known = new Map(regions(old).map((region) => [region.dataset.region, region]));
  let before = null;
  for (const region of regions(fresh)) {
    const name = region.dataset.region;
    let now = known.get(name);
    known.delete(name);
    if (!now || sent.get(name) !== region.outerHTML) now = replaced(now, region);
    const place = before ? before.nextElementSibling : old.firstElementChild;
    if (place !== now) old.insertBefore(now, place);
    before = now;
  }
  for (const gone of known.values()) gone.remove();
  remember(page);
  document.title = page.title;
  const main = document.querySelector("main");
  const events = page.querySelector("main").dataset.events;
  if (events && !main.dataset.events) {
    main.dataset.events = events; // it is being made again: follow it
    watch(main);
  }
  const said = document.querySelector("[data-status]")?.dataset.status;
  if (said && said !== status) say(said);
}

function replaced(old, region) {
  const fresh = document.importNode(region, true);
  if (!old) {
    listeners.forEach((listener) => listener(fresh));
    return fresh;
  }
  const opened = new Set([...old.querySelectorAll("details[open] > summary")].map((one) => one.textContent.split(":")[0]));
  for (const summary of fresh.querySelectorAll("details.fold > summary")) {
    if (opened.has(summary.textContent.split(":")[0])) summary.parentElement.open = true;
  }
  const focused = old.contains(document.activeElement) ? reachable(old).indexOf(document.activeElement) : NaN;
  const wasCurrent = old.classList.contains("current");
  old.replaceWith(fresh);
  listeners.forEach((listener) => listener(fresh));
  if (wasCurrent) fresh.classList.add("current");
  if (!isNaN(focused)) (reachable(fresh)[focused] ?? fresh).focus({ preventScroll: true });
  return fresh;
}

function reachable(part) {
  return [...part.querySelectorAll("a, button, input:not([type=hidden]), summary, video")];
}
