// Starts the page: loads the world, wires the views, follows the stream, and turns the address into what is open.

import { startComposer } from "./composer.js";
import { byId } from "./dom.js";
import { startHome } from "./home.js";
import { readHash } from "./links.js";
import { authorName, refreshAgo } from "./message.js";
import { asTyped } from "./mrkdwn.js";
import { startModal } from "./modal.js";
import { startPanel } from "./panel.js";
import { rememberedViewer, startSidebar } from "./sidebar.js";
import { appUser, channel, conversationsOf, emit, isBotIm, isDirect, markRead, nameOf, on, people, state } from "./state.js";
import { loadReplies, loadTimeline, loadWorld } from "./store.js";
import { follow } from "./stream.js";
import { focusThread, startThread } from "./thread.js";
import { startTimeline } from "./timeline.js";
import { announce, toast } from "./toasts.js";
import { startTopbar } from "./topbar.js";

/** The first room where the bot is: that is where an evaluation begins. */
function defaultChannel() {
  const mine = conversationsOf(state.viewer);
  return (mine.find((each) => !isDirect(each) && each.members.includes(appUser())) ?? mine[0]).id;
}

/** Open what the address says; a conversation this person may not see gives way to the first one. */
async function route() {
  const wanted = readHash(location.hash);
  const found = ownDirectMessage(channel(wanted.channel));
  const allowed = found?.members.includes(state.viewer);
  const id = allowed ? found.id : defaultChannel();
  const moved = id !== state.channel;
  const thread = allowed ? wanted.thread : null;
  const newThread = thread !== state.thread;
  Object.assign(state, {
    channel: id,
    thread,
    tab: allowed && isBotIm(found) && state.world.app.home_tab ? wanted.tab : "messages",
    editing: null,
    editDraft: null,
  });
  if (moved) state.timeline = [];
  if (newThread) state.replies = [];
  markRead();
  emit("channel");
  await Promise.all([loadTimeline(), loadReplies()]);
  emit("thread");
  if (thread ? newThread : moved) placeCursor();
}

/** One can write at once, unless that would bring up the keyboard of a phone or take the focus from a dialog. */
function placeCursor() {
  if (!matchMedia("(hover: hover)").matches || document.querySelector("dialog[open]")) return;
  if (state.thread) focusThread();
  else byId("composer-main").focus();
}

// Switching the person inside the bot's direct message leads to that person's own one.
function ownDirectMessage(found) {
  if (!isBotIm(found) || found.members.includes(state.viewer)) return found;
  return state.world.channels.find((each) => isBotIm(each) && each.members.includes(state.viewer));
}

async function reload({ forgetful }) {
  if (forgetful) for (const kept of [state.unread, state.dismissed, state.drafts]) kept.clear();
  await loadWorld();
  await route();
  return state.world.seq;
}

function hearArrivals() {
  on("arrived", (message) => {
    if (message.user === state.viewer && !message.bot_id) return;
    announce(`${authorName(message)}: ${asTyped(message.text ?? "")}`.slice(0, 300));
  });
  // Somebody who has left a channel, or was taken out of it, does not go on reading it.
  on("world", () => {
    if (state.channel && !channel(state.channel)?.members.includes(state.viewer)) route();
  });
  on("viewer", () => {
    route();
    announce(`You act as ${nameOf(state.viewer)}`);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) markRead();
  });
  window.addEventListener("hashchange", route);
}

async function start() {
  await loadWorld();
  const remembered = rememberedViewer();
  state.viewer = people().some((each) => each.id === remembered) ? remembered : people()[0].id;
  for (const begin of [
    startSidebar,
    startTopbar,
    startTimeline,
    startThread,
    startComposer,
    startModal,
    startHome,
    startPanel,
  ])
    begin();
  hearArrivals();
  await route();
  emit("views");
  byId("app").removeAttribute("data-loading");
  placeCursor();
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("composer-main").focus();
  });
  setInterval(refreshAgo, 20000);
  follow(state.world.seq, reload);
}

start().catch((error) => toast(`The sandbox did not answer: ${error.message}`, "error"));
