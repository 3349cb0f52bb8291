// Pop-up menus and panels that hang on a button: arrow keys move, Enter chooses, Esc or a click elsewhere closes.

import { focusable, h } from "./dom.js";

let open = null;

export function closePopup() {
  if (!open) return;
  const { panel, opener } = open;
  open = null;
  const hadFocus = panel.contains(document.activeElement);
  panel.remove();
  opener.setAttribute("aria-expanded", "false");
  if (hadFocus && opener.isConnected) opener.focus();
}

/** Show a panel next to its opener; it lives in the same dialog, because a dialog covers the page. */
export function openPopup(opener, panel) {
  const again = open?.opener === opener;
  closePopup();
  if (again) return;
  open = { panel, opener };
  opener.setAttribute("aria-expanded", "true");
  panel.classList.add("popup");
  (opener.closest("dialog") ?? document.body).append(panel);
  place(panel, opener.getBoundingClientRect());
}

function place(panel, anchor) {
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = anchor.bottom + 4 + height <= innerHeight || anchor.top < height + 8;
  panel.style.left = `${Math.max(8, Math.min(anchor.left, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, below ? Math.min(anchor.bottom + 4, innerHeight - height - 8) : anchor.top - height - 4)}px`;
}

/** A menu of [{label, icon, note, run, danger}] or {heading}. */
export function openMenu(opener, items) {
  const panel = h("div", { role: "menu", class: "menu" }, items.map(menuItem));
  openPopup(opener, panel);
  panel.addEventListener("keydown", moveFocus);
  focusable(panel)[0]?.focus();
}

function menuItem(item) {
  if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
  const run = () => {
    closePopup();
    item.run();
  };
  return h(
    "button",
    { type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item", onclick: run },
    item.icon,
    h("span", { class: "menu-label" }, item.label, item.note && h("span", { class: "menu-note" }, item.note)),
  );
}

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = focusable(event.currentTarget);
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.panel.contains(event.target) && !open.opener.contains(event.target)) closePopup();
});
// Captured first, so that Esc closes the menu and not the dialog or the thread under it.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && open) {
      event.stopPropagation();
      event.preventDefault();
      closePopup();
    } else if (event.key === "Tab" && open?.panel.getAttribute("role") === "menu") closePopup();
  },
  true,
);
