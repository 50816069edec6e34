// One line that is shown for a moment, and read aloud by a screen reader.

let timer;

export function say(text) {
  const line = document.getElementById("said");
  line.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (line.textContent = ""), 4000);
}
