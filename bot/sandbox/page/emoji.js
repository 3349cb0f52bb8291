// Emoji on screen: the machine's own glyph if it has one, else our drawing, else the short name.

import { h } from "./dom.js";
import { drawing } from "./emoji_art.js";
import { CHARACTERS, NAMES } from "./emoji_table.js";

/** Offered first in the picker: what the bot itself uses, then what people answer with. */
export const FAVOURITES = [
  "memo",
  "mag",
  "test_tube",
  "thinking_face",
  "wrench",
  "rewind",
  "white_check_mark",
  "question",
  "rotating_light",
  "chart_with_upwards_trend",
  "pushpin",
  "clipboard",
  "eyes",
  "warning",
  "hourglass",
  "lock",
  "tada",
  "+1",
  "bell",
  "x",
];

// Written in black, the red circle is red only if a font draws emoji in colour.
function hasEmojiFont() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = "18px sans-serif";
  pen.fillText("\u{1F534}", 2, 18);
  const pixels = pen.getImageData(0, 0, 24, 24).data;
  return pixels.some((red, index) => index % 4 === 0 && red - pixels[index + 1] > 60);
}

const native = hasEmojiFont();
const canonical = (name) => name.replace(/::skin-tone-\d$/, "");

/** The node of one emoji by its short name; an unknown name stays as it was typed. */
export function emoji(name) {
  const base = canonical(name);
  const character = CHARACTERS.get(base);
  if (!character) return document.createTextNode(`:${name}:`);
  const label = { role: "img", "aria-label": `${base.replaceAll("_", " ")} emoji`, title: `:${name}:` };
  if (native) return h("span", { class: "emoji", ...label }, character);
  const art = drawing(NAMES.get(character.replaceAll("\uFE0F", "")));
  if (art) return h("span", { class: "emoji", ...label }, art);
  return h("span", { class: "emoji emoji-name", ...label }, base.replaceAll("_", " "));
}

export const isEmoji = (name) => CHARACTERS.has(canonical(name));

/** Names that contain the words typed, those that begin with it first. */
export function findEmoji(query, limit = 8) {
  const wanted = query.toLowerCase();
  const hits = [...CHARACTERS.keys()].filter((name) => name.includes(wanted));
  return hits.sort((a, b) => b.startsWith(wanted) - a.startsWith(wanted)).slice(0, limit);
}

const characters = [...NAMES.keys()]
  .sort((a, b) => b.length - a.length)
  .map((char) => char.replace(/[*+?.\\]/g, "\\$&"));
const PATTERN = new RegExp(`(${characters.join("|")})\\uFE0F?|:([a-z0-9_+'-]+(?:::skin-tone-\\d)?):`, "gu");

/** Text for places that take no nodes, such as the options of a select. */
export function textOnly(text) {
  return text
    .replace(PATTERN, (whole, char, name) => {
      if (!char && !isEmoji(name)) return whole;
      return native ? (char ?? CHARACTERS.get(canonical(name))) : "";
    })
    .trim();
}

/** Plain text as nodes, with emoji characters and (unless told otherwise) short names drawn. */
export function textWithEmoji(text, shortNames = true) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(PATTERN)) {
    const name = match[1] ? NAMES.get(match[1]) : match[2];
    if (!isEmoji(name) || (match[2] && !shortNames)) continue;
    nodes.push(document.createTextNode(text.slice(from, match.index)), emoji(name));
    from = match.index + match[0].length;
  }
  nodes.push(document.createTextNode(text.slice(from)));
  return nodes.filter((node) => node.nodeType !== Node.TEXT_NODE || node.data);
}
