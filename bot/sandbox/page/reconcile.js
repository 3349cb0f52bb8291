// Draws lists anew with as few changes as possible, so that focus, selection and scrolling stay.

import { focusAgain, placeIn } from "./focus.js";

/** Make the children of a node follow a list of [key, version, build]; nodes whose version is unchanged are kept. */
export function reconcile(parent, items) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let cursor = parent.firstElementChild;
  for (const [key, version, build] of items) {
    const existing = old.get(key);
    const keep = existing !== undefined && existing.version === version;
    const node = keep ? existing : Object.assign(build(), { version });
    node.dataset.key = key;
    if (existing && !keep) {
      const place = placeIn(existing);
      existing.replaceWith(node);
      focusAgain(node, place);
      if (cursor === existing) cursor = node;
    }
    if (cursor === node) cursor = node.nextElementSibling;
    else parent.insertBefore(node, cursor);
    old.delete(key);
  }
  for (const gone of old.values()) gone.remove();
}
