// The Home tab of the bot's direct message: what the bot has published for this person.

import { act } from "./api.js";
import { pulse } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { byId, fill, h } from "./dom.js";
import { focusAgain, placeIn } from "./focus.js";
import { makeForm } from "./form.js";
import { attempt } from "./interact.js";
import { on, state } from "./state.js";

let shown = null;
let opened = null;
const forms = new Map();

function render() {
  const open = state.tab === "home";
  byId("home").hidden = !open;
  byId("chat").hidden = open;
  if (!open) {
    opened = shown = null;
    return;
  }
  if (opened !== state.viewer) tellBot();
  const view = state.homes[state.viewer];
  const version = `${state.viewer} ${JSON.stringify(view ?? null)}`;
  if (version === shown) return;
  shown = version;
  const place = placeIn(byId("home"));
  fill(byId("home"), view ? published(view) : nothing());
  focusAgain(byId("home"), place);
}

function tellBot() {
  opened = state.viewer;
  attempt(act("home", { user: state.viewer }));
}

function published(view) {
  const ctx = { viewId: view.id, form: makeForm(forms.get(view.id)?.typed()) };
  forms.set(view.id, ctx.form);
  return h("div", { class: "home-view blocks" }, renderBlocks(view.blocks ?? [], ctx));
}

function nothing() {
  const name = state.world.app.name;
  return h(
    "div",
    { class: "empty" },
    h("div", { class: "empty-mark" }, pulse()),
    h("h2", {}, `${name} has published nothing for you yet`),
    h("p", {}, `${name} was told that you opened this tab. What it publishes appears here by itself.`),
  );
}

export function startHome() {
  on("home viewer channel world", render);
}
