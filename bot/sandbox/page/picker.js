// The emoji picker: favourites first, a search over the names, arrow keys in the grid.

import { h, fill } from "./dom.js";
import { emoji, FAVOURITES, findEmoji } from "./emoji.js";
import { closePopup, openPopup } from "./menu.js";

const COLUMNS = 8;

/** Let the person choose an emoji; choose(name) is called once. */
export function pickEmoji(opener, choose) {
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" });
  const search = h("input", { type: "search", placeholder: "Search emoji", "aria-label": "Search emoji" });
  const pick = (name) => {
    closePopup();
    choose(name);
  };
  const show = () =>
    fill(
      grid,
      (search.value ? findEmoji(search.value.trim(), 40) : FAVOURITES).map((name) => cell(name, pick)),
    );
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      grid.querySelector("button")?.click();
    }
    if (event.key === "ArrowDown") {
      event.preventDefault();
      grid.querySelector("button")?.focus();
    }
  });
  grid.addEventListener("keydown", moveInGrid);
  show();
  openPopup(opener, h("div", { class: "picker", role: "dialog", "aria-label": "Pick an emoji" }, search, grid));
  search.focus();
}

function cell(name, pick) {
  return h(
    "button",
    {
      type: "button",
      class: "emoji-cell",
      "aria-label": name.replaceAll("_", " "),
      title: `:${name}:`,
      onclick: () => pick(name),
    },
    emoji(name),
  );
}

function moveInGrid(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (!step) return;
  event.preventDefault();
  const cells = [...event.currentTarget.children];
  cells[cells.indexOf(document.activeElement) + step]?.focus();
}
