// Small helpers to build DOM nodes. Text always becomes a text node, so nothing a person wrote is ever parsed as HTML.

const AS_PROPERTY = new Set(["value", "checked", "disabled", "selected", "hidden", "open"]);

/** Make an element: h("p", {class: "x", onclick: fn}, "text", child, [children]). */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(node, name, value);
  append(node, children);
  return node;
}

function setProp(node, name, value) {
  if (value === null || value === undefined || (value === false && !AS_PROPERTY.has(name))) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (AS_PROPERTY.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Append nodes, strings and nested lists; null and false are skipped. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** Replace everything in a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

export const byId = (id) => document.getElementById(id);

/** The elements in a container that Tab visits. */
export function focusable(container) {
  const all = container.querySelectorAll("a[href], button, input, select, textarea, [tabindex]");
  return [...all].filter((el) => !el.disabled && el.tabIndex >= 0 && el.offsetParent !== null);
}

/** Keep Tab inside a container. */
export function trapFocus(container) {
  container.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = focusable(container);
    if (stops.length === 0) return;
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement !== edge && container.contains(document.activeElement)) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  });
}
