// Finds the focus its way back: to the same control of a row that was drawn anew, or to where a dialog was opened.

import { byId } from "./dom.js";

const CONTROLS = "a[href], button, input, select, textarea, [tabindex]";

/** What a control is called, so that its successor can be told. */
function signature(el) {
  const block = el.closest("[data-block]")?.dataset.block ?? "";
  return [el.tagName, el.dataset.action ?? "", block, el.getAttribute("aria-label") ?? ""].join(" ");
}

const twins = (root, wanted) => [...root.querySelectorAll(CONTROLS)].filter((el) => signature(el) === wanted);

/** Where in this node the focus is, if it is there at all. */
export function placeIn(root, el = document.activeElement) {
  if (!root.contains(el)) return null;
  const wanted = signature(el);
  const selection = el.matches("textarea, input[type=text]") ? [el.selectionStart, el.selectionEnd] : null;
  return { wanted, index: twins(root, wanted).indexOf(el), selection };
}

/** Focus the same place in the node's successor, or that node itself if the control is gone. */
export function focusAgain(root, place) {
  if (!place) return;
  const el = twins(root, place.wanted)[place.index] ?? root;
  el.focus({ preventScroll: true });
  if (place.selection && el.setSelectionRange) el.setSelectionRange(...place.selection);
}

/** Remember what has the focus; the function returned gives it back, also if its row was drawn anew meanwhile. */
export function bookmark() {
  const el = document.activeElement;
  const row = el.closest("[data-key]");
  const { key } = row?.dataset ?? {};
  const list = row?.parentElement;
  const place = row && placeIn(row, el);
  return () => {
    const holder = document.activeElement;
    if (holder !== document.body && holder.checkVisibility()) return;
    const successor = [...(list?.children ?? [])].find((each) => each.dataset.key === key);
    if (el !== document.body && el.isConnected) el.focus();
    else if (successor) focusAgain(successor, place);
    else if (matchMedia("(hover: hover)").matches) messageBox()?.focus();
  };
}

const messageBox = () => (byId("thread").hidden ? byId("composer-main") : byId("composer-thread"));
