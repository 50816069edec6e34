// Keys for who looks through many Shorts: they act on the Short that was used last, and never while somebody types.

const STEP_SECONDS = 2;
const OFF = "omni-single-keys-off"; // who speaks to a computer, or hits keys by chance, needs them off (WCAG 2.1.4)
let areOff = remembered();

export function keys(main) {
  main.addEventListener("focusin", (event) => choose(event.target.closest("[data-short]")));
  main.addEventListener("play", (event) => choose(event.target.closest("[data-short]")), true);
  main.addEventListener("toggle", (event) => glance(event.target), true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(event.target.closest("[data-reject][open]"));
    if (!isForUs(event)) return;
    const act = { a: approve, r: reject, n: next, e: edit }[event.key.toLowerCase()];
    if (act) act(main, event);
    else shuttle(current(main)?.querySelector("[data-player]"), event);
  });
}

// Shows the first picture of a source as soon as somebody looks for it; without being asked none is fetched.
function glance(fold) {
  if (fold.matches("[data-glance][open]")) for (const video of fold.querySelectorAll("video")) video.preload = "metadata";
}

export function isForUs(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  const tag = event.target.tagName;
  if (["INPUT", "TEXTAREA", "SELECT"].includes(tag)) return event.target.type === "radio" && event.key !== " ";
  if (areOff && event.key.length === 1 && event.key !== " ") return false;
  if (event.key === " ") return !["BUTTON", "SUMMARY", "A", "VIDEO"].includes(tag); // they have a use for it
  return true;
}

// Shows the boxes that turn single keys off; what one says holds for this browser.
export function switches(part) {
  for (const box of part.querySelectorAll("[data-single-keys]")) {
    box.parentElement.hidden = false;
    box.checked = !areOff;
    box.addEventListener("change", () => {
      areOff = !box.checked;
      try {
        localStorage.setItem(OFF, areOff ? "1" : "");
      } catch {} // nothing may be kept here: it holds for this page
    });
  }
}

function remembered() {
  try {
    return Boolean(localStorage.getItem(OFF));
  } catch {
    return false;
  }
}

export function shuttle(video, event) {
  if (!video) return;
  switch (event.key.toLowerCase()) {
    case " ":
      video.paused ? play(video) : video.pause();
      break;
    case "k":
      video.pause();
      video.playbackRate = 1;
      break;
    case "l":
      if (video.paused) play(video);
      else video.playbackRate = Math.min(4, video.playbackRate * 2);
      break;
    case "j":
      video.playbackRate = 1;
      video.currentTime = Math.max(0, video.currentTime - STEP_SECONDS);
      break;
    default:
      return;
  }
  event.preventDefault();
}

function play(video) {
  for (const other of document.querySelectorAll("video")) if (other !== video) other.pause();
  video.playbackRate = 1;
  video.play().catch(() => {});
}

function shorts(main) {
  return [...main.querySelectorAll("[data-short]")];
}

function current(main) {
  return main.querySelector("[data-short].current") ?? main.querySelector("[data-short]:target") ?? shorts(main)[0];
}

function choose(short) {
  if (!short || short.classList.contains("current")) return;
  document.querySelector("[data-short].current")?.classList.remove("current");
  short.classList.add("current");
}

function approve(main, event) {
  const button = current(main)?.querySelector("[data-approve] button");
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
}

function reject(main, event) {
  const drop = current(main)?.querySelector("[data-reject]");
  if (!drop) return;
  event.preventDefault();
  drop.open = true;
  drop.querySelector("input[name=reason]").focus();
}

function close(drop) {
  if (!drop) return;
  drop.open = false;
  drop.querySelector("summary").focus();
}

function edit(main, event) {
  const link = current(main)?.querySelector("[data-edit]");
  if (!link) return;
  event.preventDefault();
  link.click();
}

function next(main, event) {
  const all = shorts(main);
  const chosen = main.querySelector("[data-short].current");
  const following = all[(chosen ? all.indexOf(chosen) + 1 : 0) % all.length];
  if (!following) return;
  event.preventDefault();
  choose(following);
  following.focus({ preventScroll: true });
  following.scrollIntoView({ block: "start" });
}
