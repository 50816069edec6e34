// Sends the form of a new job with its file, and shows how far it is: the same request that the form makes by itself.

import { say } from "./saying.js";

export function upload(main) {
  const form = main.querySelector("form[data-upload]");
  if (!form) return;
  const file = form.elements.file;
  form.addEventListener("submit", (event) => {
    const chosen = file.files[0];
    if (!chosen || form.elements.video_path.value.trim()) return;
    event.preventDefault();
    if (chosen.size > Number(form.dataset.most)) {
      complain(form, `${chosen.name} is larger than this API takes.`, "Put it where the API can read it, and give its path.");
      return;
    }
    send(form);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.toggle("dropping", name === "dragover");
      if (name === "drop") file.files = event.dataTransfer.files;
    });
  }
}

function send(form) {
  const part = form.querySelector("[data-sending]");
  const button = form.querySelector("button[type=submit]");
  const bar = part.querySelector("progress");
  const request = new XMLHttpRequest(); // fetch doesn't tell how much has been sent
  const end = (words) => {
    part.hidden = true;
    button.disabled = false;
    if (words) say(words);
  };
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
  });
  request.addEventListener("load", () => {
    if (request.status < 400) return location.assign(request.responseURL);
    end();
    tell(form, request);
  });
  request.addEventListener("error", () => end("The file did not arrive: the connection broke."));
  request.addEventListener("abort", () => end("Stopped. Nothing was kept."));
  part.querySelector("[data-stop]").onclick = () => request.abort();
  request.open("POST", form.action);
  request.send(new FormData(form));
  part.hidden = false;
  button.disabled = true;
  bar.value = 0;
  say("The file is being sent.");
}

function tell(form, request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const once = page.querySelector("form[data-upload] [name=once]");
  if (once && request.status < 500) form.elements.once.value = once.value; // refused for sure: the next one is another
  const problem = page.querySelector(".notice.bad");
  if (!problem) return say(page.querySelector("h1")?.textContent ?? "The file was not taken.");
  put(form, document.importNode(problem, true));
}

function complain(form, cause, nextStep) {
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.role = "alert";
  notice.tabIndex = -1;
  const [what, then] = [document.createElement("p"), document.createElement("p")];
  what.append(Object.assign(document.createElement("strong"), { textContent: cause }));
  then.textContent = nextStep;
  notice.append(what, then);
  put(form, notice);
}

function put(form, notice) {
  form.parentElement.querySelector(".notice.bad")?.remove();
  form.before(notice);
  notice.focus();
}
