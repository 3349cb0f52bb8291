// The list above a message box: arrow keys choose, Enter or Tab takes, Esc hides it until the text changes.

import { fill, h } from "./dom.js";

/** suggestions(textarea, id, find) -> {node, onKey, close}. find() is complete() for the text as it stands. */
export function suggestions(area, id, find) {
  const node = h("div", { class: "suggestions", hidden: true });
  let current = null;
  let active = -1;

  function close() {
    current = null;
    node.hidden = true;
    area.setAttribute("aria-expanded", "false");
    area.removeAttribute("aria-activedescendant");
  }

  function update() {
    current = find();
    if (!current) return close();
    active = current.items.length && current.eager ? 0 : -1;
    return show();
  }

  function show() {
    const options = current.items.map((item, index) => option(item, index));
    const list = h("div", { role: "listbox", id, "aria-label": current.title }, options);
    const help = current.items.length ? h("span", { class: "keys" }, "↑ ↓ to choose, Tab to take") : null;
    fill(
      node,
      h("div", { class: "suggestions-head" }, h("strong", {}, current.title), help),
      list,
      current.hint ? h("div", { class: "usage" }, h("code", {}, current.hint)) : null,
    );
    node.hidden = false;
    area.setAttribute("aria-expanded", String(current.items.length > 0));
    const chosen = options[active];
    if (chosen) area.setAttribute("aria-activedescendant", chosen.id);
    else area.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  function option(item, index) {
    // pointerdown would take the focus from the text.
    return h(
      "div",
      {
        role: "option",
        id: `${id}-${index}`,
        class: "suggestion",
        "aria-selected": String(index === active),
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => take(index),
      },
      h("span", { class: "mark" }, item.mark),
      h("span", { class: "suggestion-label" }, item.label),
      h("span", { class: "suggestion-note" }, item.note),
    );
  }

  function take(index) {
    area.setRangeText(current.items[index].insert, current.from, area.selectionStart, "end");
    area.focus();
    area.dispatchEvent(new Event("input"));
  }

  const KEYS = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => active >= 0 && (take(active), true),
    Tab: () => (take(Math.max(active, 0)), true),
    Escape: () => (close(), true),
  };

  function move(step) {
    const count = current.items.length;
    active = active < 0 ? (step > 0 ? 0 : count - 1) : (active + step + count) % count;
    show();
    return true;
  }

  /** Whether the key was used up here. */
  function onKey(event) {
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!current || !plain || !KEYS[event.key] || (!current.items.length && event.key !== "Escape")) return false;
    const used = KEYS[event.key]();
    if (used) {
      event.preventDefault();
      event.stopPropagation();
    }
    return used;
  }

  area.addEventListener("input", update);
  area.addEventListener("blur", close);
  return { node, onKey, close };
}
