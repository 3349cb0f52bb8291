// The modals of the app: the top of the person's stack of views, in one dialog.

import { act } from "./api.js";
import { pulse } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { byId, fill, h, trapFocus } from "./dom.js";
import { bookmark } from "./focus.js";
import { makeForm } from "./form.js";
import { icon } from "./icons.js";
import { attempt } from "./interact.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { on, state, viewsOf } from "./state.js";
import { dropView } from "./store.js";

let dialog = null;
let back = null;
let shown = null;
const typed = new Map();

function sync() {
  const stack = viewsOf(state.viewer);
  const view = stack.at(-1);
  keepTyped(stack);
  if (!view) return hide();
  const version = `${state.viewer} ${JSON.stringify(view)} ${stack.length}`;
  if (shown?.version === version) return undefined;
  return show(view, version, stack.length);
}

// Typed values survive an update of the view, and wait under a view that is pushed on top.
function keepTyped(stack) {
  if (shown) typed.set(shown.view.id, shown.form.snapshot());
  const known = new Set([...state.views.values(), stack].flat().map((view) => view.id));
  for (const id of typed.keys()) if (!known.has(id)) typed.delete(id);
}

function hide() {
  shown = null;
  if (!dialog) return;
  const old = dialog;
  dialog = null;
  old.close();
  old.remove();
  back();
}

function ensureDialog() {
  if (dialog) return;
  back = bookmark();
  dialog = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title" });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    closeTop();
  });
  // A file that is dropped beside its field would otherwise be opened in place of the page.
  for (const kind of ["dragover", "drop"])
    dialog.addEventListener(kind, (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  trapFocus(dialog);
  byId("dialogs").append(dialog);
}

function show(view, version, depth) {
  ensureDialog();
  const again = shown?.view.id === view.id;
  const focused = again ? focusKey() : null;
  const scrolled = again ? dialog.querySelector(".dialog-body").scrollTop : 0;
  const form = makeForm(typed.get(view.id));
  const ctx = { viewId: view.id, form };
  const banner = h("div", { class: "banner", role: "alert", hidden: true });
  const body = h("div", { class: "dialog-body blocks" }, banner, renderBlocks(view.blocks ?? [], ctx));
  const submit = view.submit && h("button", { type: "submit", class: "btn btn-primary" }, textObject(view.submit));
  const node = h("form", { novalidate: true }, head(view, depth), body, foot(view, submit));
  shown = { view, version, form, banner, submit };
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit) submitView(shown);
  });
  fill(dialog, node);
  if (!dialog.open) dialog.showModal();
  placeFocus(body, focused, submit);
  if (scrolled) body.scrollTop = scrolled;
}

function head(view, depth) {
  return h(
    "header",
    { class: "dialog-head" },
    h("span", { class: "app-mark" }, pulse()),
    h("h2", { id: "modal-title" }, textObject(view.title)),
    depth > 1 ? h("span", { class: "depth" }, `${depth} of 3`) : null,
    h("button", { type: "button", class: "icon-btn", "aria-label": "Close", onclick: closeAll }, icon("close")),
  );
}

function foot(view, submit) {
  const close = h(
    "button",
    { type: "button", class: "btn", onclick: closeTop },
    view.close ? textObject(view.close) : submit ? "Cancel" : "Close",
  );
  return h("footer", { class: "dialog-foot" }, h("span", { class: "soft grow" }, state.world.app.name), close, submit);
}

const FIELDS = "input, select, textarea";
const focusKey = () => [...dialog.querySelectorAll(FIELDS)].indexOf(document.activeElement);

function placeFocus(body, index, submit) {
  const fields = [...body.querySelectorAll(FIELDS)];
  const wanted =
    body.querySelector("[autofocus]") ??
    fields[Math.max(index ?? 0, 0)] ??
    submit ??
    dialog.querySelector(".dialog-foot .btn");
  wanted.focus();
}

async function submitView(open) {
  open.submit.disabled = true;
  open.submit.classList.add("busy");
  try {
    await open.form.ready();
    handleAnswer(open, await act("submit", { user: state.viewer, view_id: open.view.id, values: open.form.values() }));
  } catch (error) {
    complain(open, error.message);
  } finally {
    open.submit.disabled = false;
    open.submit.classList.remove("busy");
  }
}

function handleAnswer(open, answer) {
  if (answer.errors && Object.keys(answer.errors).length) {
    const rest = open.form.showErrors(answer.errors);
    return complain(open, rest.join(" "));
  }
  if (answer.status !== "ok")
    return complain(open, TROUBLE[answer.status] ?? "Something went wrong. Please try again.");
  if (!answer.response_action) dropView(state.viewer, open.view.id);
  return undefined;
}

const TROUBLE = {
  operation_timeout: "The bot did not answer in time. Please try again.",
  dispatch_failed: "The bot could not be reached. Please try again.",
};

function complain(open, text) {
  open.banner.hidden = !text;
  fill(open.banner, mrkdwn(text ?? ""));
}

async function closeTop() {
  const view = viewsOf(state.viewer).at(-1);
  if (!view) return;
  await attempt(act("close", { user: state.viewer, view_id: view.id }));
  dropView(state.viewer, view.id);
}

/** The cross closes the whole stack, as on Slack; "Cancel" only the view on top. */
async function closeAll() {
  const view = viewsOf(state.viewer).at(-1);
  if (view) await attempt(act("close", { user: state.viewer, view_id: view.id, clear: true }));
  for (const each of [...viewsOf(state.viewer)]) dropView(state.viewer, each.id);
}

export function startModal() {
  on("views viewer world", sync);
}
