// How long a text is, in the unit of the platform that counts it; the server counts again when it is saved.

const encoder = new TextEncoder();
const LINK = /https?:\/\/\S+/gi;
const LINK_WEIGHT = 23;
// twitter-text, configuration v3: these code points weigh 1, every other one 2; an emoji sequence weighs 2 as a whole.
const LIGHT = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];
const EMOJI = /\p{RGI_Emoji}/gv;

export function lengthOf(text, unit) {
  switch (unit) {
    case "characters":
      return [...text].length;
    case "utf8":
      return encoder.encode(text).length;
    case "x_weighted":
      return weight(text);
    default:
      return text.length; // UTF-16 units, as scripts have them
  }
}

export function bodyOf(text, tags) {
  const told = tags.split(/[\s,#]+/).filter(Boolean).map((tag) => `#${tag}`).join(" ");
  return [text.trim(), told].filter(Boolean).join("\n\n");
}

function weight(text) {
  let [sum, rest] = [0, text.normalize("NFC")];
  rest = rest.replace(LINK, () => ((sum += LINK_WEIGHT), ""));
  rest = rest.replace(EMOJI, () => ((sum += 2), ""));
  for (const letter of rest) {
    const code = letter.codePointAt(0);
    sum += LIGHT.some(([first, last]) => first <= code && code <= last) ? 1 : 2;
  }
  return sum;
}
