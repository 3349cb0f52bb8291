// Faces: coloured initials for people, the app's own mark for the bot.

import { h } from "./dom.js";
import { appUser, nameOf, user } from "./state.js";

const HUES = { U0ANA: 346, U0BEN: 210, U0CHO: 265, U0DEV: 28 };

function hueOf(id) {
  return HUES[id] ?? [...id].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 360, 7);
}

const initials = (name) =>
  name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();

/** The picture of a person or the bot; decorative, the name stands beside it. */
export function avatar(id, className = "") {
  const node = h("span", { class: `avatar ${className}`, "aria-hidden": "true" });
  if (id === appUser() || !user(id)) {
    node.classList.add("avatar-bot");
    node.append(pulse());
    return node;
  }
  node.style.setProperty("--hue", hueOf(id));
  node.append(initials(nameOf(id)));
  return node;
}

/** The mark of the sandbox and of the bot: a pulse line. */
export function pulse() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "pulse");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M3 13h4l2.5-7 4 12 2.5-7 1 2h4");
  svg.append(path);
  return svg;
}
