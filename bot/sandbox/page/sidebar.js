// The left column: who one is, and the conversations of that person with their unread marks.

import { act } from "./api.js";
import { avatar, pulse } from "./avatar.js";
import { clockTime } from "./dates.js";
import { ask } from "./dialogs.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { attempt } from "./interact.js";
import { hashFor } from "./links.js";
import {
  appUser,
  channelName,
  conversationsOf,
  emit,
  isAdmin,
  isBotIm,
  isDirect,
  me,
  mentionsOf,
  nameOf,
  now,
  on,
  people,
  state,
  unreadOf,
} from "./state.js";
import { togglePanel } from "./panel.js";

const VIEWER_KEY = "rounds-sandbox-viewer";

export const rememberedViewer = () => localStorage.getItem(VIEWER_KEY);

/** Become another person; the open conversation stays open if that person may see it. */
export function actAs(id) {
  if (id === state.viewer) return;
  state.viewer = id;
  state.editing = null;
  localStorage.setItem(VIEWER_KEY, id);
  emit("viewer");
}

function render() {
  const mine = conversationsOf(state.viewer);
  const rooms = mine.filter((each) => !isDirect(each) && !each.is_archived);
  const direct = mine.filter(isDirect).sort((a, b) => isBotIm(b) - isBotIm(a));
  const archived = mine.filter((each) => !isDirect(each) && each.is_archived);
  fill(
    byId("sidebar"),
    brand(),
    switcher(),
    h(
      "div",
      { class: "side-scroll" },
      group("Channels", rooms, addButton()),
      elsewhere(),
      group("Direct messages", direct),
      archived.length ? group("Archived", archived) : null,
    ),
    foot(),
  );
}

function brand() {
  return h(
    "div",
    { class: "brand" },
    h("span", { class: "brand-mark" }, pulse()),
    h("span", { class: "brand-name" }, "Rounds ", h("span", {}, "sandbox")),
    h(
      "button",
      { type: "button", class: "icon-btn only-phone", "aria-label": "Close menu", onclick: closeSidebar },
      icon("close"),
    ),
  );
}

function switcher() {
  const faces = people().map((each, index) => face(each, index));
  const group = h("div", { class: "faces-row", role: "radiogroup", "aria-label": "Act as" }, faces);
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const ids = people().map((each) => each.id);
    actAs(ids[(ids.indexOf(state.viewer) + step + ids.length) % ids.length]);
    byId("sidebar").querySelector(".face[aria-checked=true]").focus();
  });
  const role = isAdmin(state.viewer) ? " (admin)" : "";
  return h(
    "section",
    { class: "switcher", "aria-label": "Act as" },
    h("div", { class: "switcher-title" }, "You act as"),
    group,
    h(
      "div",
      { class: "switcher-note" },
      h("strong", {}, nameOf(state.viewer)),
      `${role} · `,
      h("span", { class: "local-time" }, localTime()),
    ),
  );
}

const localTime = () => `${clockTime(now())} in ${(me().tz ?? "UTC").split("/").pop().replaceAll("_", " ")}`;

function face(each, index) {
  const chosen = each.id === state.viewer;
  const waiting = mentionsOf(each.id);
  const label = `${nameOf(each.id)}${waiting ? `, ${waiting} unread` : ""}`;
  return h(
    "button",
    {
      type: "button",
      class: "face",
      role: "radio",
      "aria-checked": String(chosen),
      "aria-label": label,
      tabindex: chosen ? "0" : "-1",
      title: `Act as ${nameOf(each.id)} (Alt+${index + 1})`,
      dataset: { user: each.id },
      onclick: () => actAs(each.id),
    },
    avatar(each.id, "face-picture"),
    h("span", { class: "face-name" }, nameOf(each.id).split(" ")[0]),
    waiting ? h("span", { class: "dot" }, waiting > 9 ? "9+" : waiting) : null,
  );
}

function group(title, list, extra) {
  return h(
    "section",
    { class: "side-group" },
    h("div", { class: "side-title" }, h("h2", {}, title), extra),
    h(
      "ul",
      {},
      list.map((each) => h("li", {}, row(each))),
    ),
  );
}

function row(each) {
  const { count, mentions } = unreadOf(state.viewer, each.id);
  const current = each.id === state.channel;
  const other = each.is_im ? (each.members.find((id) => id !== state.viewer) ?? state.viewer) : null;
  const mark = other ? avatar(other, "tiny") : icon(iconOf(each));
  const name = channelName(each);
  const kind = each.is_im ? "direct message" : each.is_mpim ? "group direct message" : roomKind(each);
  const words = [`${name}, ${kind}`, count ? `${count} unread` : "", mentions ? `${mentions} for you` : ""]
    .filter(Boolean)
    .join(", ");
  return h(
    "a",
    {
      href: hashFor(each.id),
      class: `side-row${count || mentions ? " unread" : ""}`,
      "aria-current": current ? "page" : null,
      "aria-label": words,
      dataset: { channel: each.id },
      onclick: closeSidebar,
    },
    mark,
    h("span", { class: "side-name" }, name),
    other === appUser() ? h("span", { class: "badge" }, "BOT") : null,
    mentions ? h("span", { class: "dot" }, mentions) : null,
  );
}

const roomKind = (each) => (each.is_private ? "private channel" : "channel");
const iconOf = (each) => (each.is_mpim ? "people" : each.is_private ? "lock" : "hash");

/** Public channels one is not in, each with a way in. */
function elsewhere() {
  const others = state.world.channels.filter(
    (each) => !each.is_private && !each.is_im && !each.is_archived && !each.members.includes(state.viewer),
  );
  if (!others.length) return null;
  const join = async (each) => {
    if (await attempt(act("join", { user: state.viewer, channel: each.id }))) location.hash = hashFor(each.id);
  };
  const item = (each) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "side-row", "aria-label": `Join ${each.name}`, onclick: () => join(each) },
        icon("hash"),
        h("span", { class: "side-name" }, each.name),
        h("span", { class: "join" }, "Join"),
      ),
    );
  return h(
    "section",
    { class: "side-group" },
    h("div", { class: "side-title" }, h("h2", {}, "Channels you are not in")),
    h("ul", {}, others.map(item)),
  );
}

const addButton = () =>
  h(
    "button",
    {
      type: "button",
      class: "icon-btn",
      "aria-label": "Create a channel",
      title: "Create a channel",
      onclick: createChannel,
    },
    icon("plus"),
  );

async function createChannel() {
  const name = h("input", {
    id: "new-channel",
    type: "text",
    required: true,
    maxlength: 80,
    placeholder: "gpu-cluster",
  });
  const secret = h("input", { type: "checkbox" });
  const body = [
    h("div", { class: "field" }, h("label", { for: "new-channel" }, "Name"), name),
    h("label", { class: "choice" }, secret, "Private: only invited people see it"),
  ];
  const yes = (await ask({ title: "Create a channel", body, submit: "Create" })) === "yes";
  if (!yes || !name.value.trim()) return;
  const wanted = name.value.trim().replace(/^#/, "");
  const made = await attempt(act("channel", { user: state.viewer, name: wanted, is_private: secret.checked }));
  if (made) location.hash = `#${made.channel?.id ?? made.channel ?? wanted}`;
}

function foot() {
  const connected = (state.world.transport?.connections ?? 0) > 0 || Boolean(state.world.transport?.request_url);
  const words = !state.live
    ? "Sandbox is not answering"
    : connected
      ? `${state.world.app.name} is connected`
      : `${state.world.app.name} is not connected`;
  return h(
    "div",
    { class: "side-foot" },
    h(
      "button",
      { type: "button", class: "side-status", "aria-label": `Sandbox: ${words}`, onclick: togglePanel },
      h("span", { class: `lamp ${state.live && connected ? "lamp-on" : "lamp-off"}` }),
      words,
      icon("dials"),
    ),
  );
}

export const openSidebar = () => {
  byId("app").classList.add("side-open");
  byId("sidebar").querySelector(".face[aria-checked=true]").focus();
};
export const closeSidebar = () => byId("app").classList.remove("side-open");

export function startSidebar() {
  byId("sidebar").addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeSidebar();
  });
  const again = () => keepFocus(render);
  on("world viewer channel unread transport live", again);
  document.addEventListener("keydown", (event) => {
    const each = event.altKey && /^Digit[1-9]$/.test(event.code) ? people()[Number(event.code.slice(5)) - 1] : null;
    if (!each) return;
    event.preventDefault();
    actAs(each.id);
  });
  setInterval(() => {
    const node = document.querySelector(".local-time");
    if (node) node.textContent = localTime();
  }, 15000);
}

// The column is rebuilt as a whole, so the focus is put back on the same row.
function keepFocus(draw) {
  const { channel, user } = document.activeElement?.dataset ?? {};
  const inside = byId("sidebar").contains(document.activeElement);
  const scroll = byId("sidebar").querySelector(".side-scroll")?.scrollTop ?? 0;
  draw();
  byId("sidebar").querySelector(".side-scroll").scrollTop = scroll;
  if (!inside) return;
  const again = channel ? `[data-channel="${channel}"]` : user ? `[data-user="${user}"]` : null;
  if (again) byId("sidebar").querySelector(again)?.focus();
}
