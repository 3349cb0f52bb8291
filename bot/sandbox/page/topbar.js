// The head of a conversation: its name and topic, its members, and the tabs of the bot's direct message.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { ask } from "./dialogs.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt } from "./interact.js";
import { hashFor } from "./links.js";
import { togglePanel } from "./panel.js";
import { appUser, channel, channelName, isBotIm, isDirect, nameOf, on, placeName, state, user } from "./state.js";
import { openSidebar } from "./sidebar.js";

function render() {
  const found = channel(state.channel);
  const other = found.is_im ? (found.members.find((id) => id !== state.viewer) ?? state.viewer) : null;
  const mark = other ? avatar(other, "small") : icon(found.is_mpim ? "people" : found.is_private ? "lock" : "hash");
  const note = found.is_archived ? "Archived" : topicOf(found);
  fill(
    byId("topbar"),
    h(
      "button",
      { type: "button", class: "icon-btn only-phone", "aria-label": "Open menu", onclick: openSidebar },
      icon("menu"),
    ),
    h(
      "div",
      { class: "top-title" },
      mark,
      h("h1", {}, channelName(found)),
      note ? h("span", { class: "top-topic" }, note) : null,
    ),
    h("span", { class: "grow" }),
    found.is_im ? null : membersButton(found),
    h(
      "button",
      {
        type: "button",
        class: "icon-btn theme-button",
        "aria-label": "Switch between light and dark",
        title: "Light or dark",
        onclick: () => window.toggleTheme(),
      },
      icon("moon"),
      icon("sun"),
    ),
    h(
      "button",
      {
        type: "button",
        class: "icon-btn",
        id: "panel-button",
        "aria-label": "Sandbox controls",
        title: "Sandbox: clock, connection, reset",
        onclick: togglePanel,
      },
      icon("dials"),
    ),
    h(
      "button",
      {
        type: "button",
        class: "only-phone me-button",
        "aria-label": `You act as ${nameOf(state.viewer)}. Change person`,
        onclick: openSidebar,
      },
      avatar(state.viewer, "small"),
    ),
  );
  document.title = `${placeName(found)} · Rounds sandbox`;
  renderTabs(found);
}

const topicOf = (found) => (typeof found.topic === "string" ? found.topic : found.topic?.value);

function membersButton(found) {
  const bot = found.members.includes(appUser());
  return h(
    "button",
    {
      type: "button",
      class: "members",
      "aria-label": `${found.members.length} members. Show them`,
      title: bot ? "Members" : `Members (${state.world.app.name} is not one)`,
      onclick: () => showMembers(found),
    },
    icon("people"),
    found.members.length,
  );
}

const mayCome = (found, id) => !isDirect(found) && !found.members.includes(id) && id !== "USLACKBOT";

async function showMembers(found) {
  const rows = found.members.map((id) =>
    h(
      "li",
      {},
      avatar(id, "small"),
      h("span", {}, nameOf(id)),
      h("span", { class: "soft" }, `@${user(id)?.name ?? id}`),
    ),
  );
  const outside = state.world.users.filter((each) => mayCome(found, each.id));
  const add = h(
    "select",
    { id: "invitee" },
    h("option", { value: "" }, "Nobody"),
    outside.map((each) => h("option", { value: each.id }, nameOf(each.id))),
  );
  const form = outside.length ? h("div", { class: "field" }, h("label", { for: "invitee" }, "Invite"), add) : null;
  const yes =
    (await ask({
      title: isDirect(found) ? "Members" : `Members of #${found.name}`,
      body: [h("ul", { class: "member-list" }, rows), form],
      submit: outside.length ? "Invite" : "Done",
      cancel: "Close",
    })) === "yes";
  if (yes && add.value) await attempt(act("invite", { user: state.viewer, channel: found.id, invitee: add.value }));
}

function renderTabs(found) {
  const tabs = byId("tabs");
  tabs.hidden = !isBotIm(found) || !state.world.app.home_tab;
  if (tabs.hidden) return;
  fill(tabs, tab("Messages", "messages", "chat"), tab("Home", "home", "home"));
}

function tab(label, name, controls) {
  const chosen = state.tab === name;
  const go = (to) => {
    location.hash = hashFor(state.channel, to === "home" ? "home" : undefined);
  };
  const other = (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    go(name === "home" ? "messages" : "home");
    requestAnimationFrame(() => byId("tabs").querySelector("[aria-selected=true]").focus());
  };
  return h(
    "button",
    {
      type: "button",
      role: "tab",
      class: "tab",
      "aria-selected": String(chosen),
      "aria-controls": controls,
      tabindex: chosen ? "0" : "-1",
      onclick: () => go(name),
      onkeydown: other,
    },
    label,
  );
}

export function startTopbar() {
  on("world viewer channel", render);
}
