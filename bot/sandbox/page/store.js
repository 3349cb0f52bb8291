// Keeps the open conversation and thread in step with the server: loads them, and applies what the stream tells.

import { getMessages, getWorld } from "./api.js";
import { attempt } from "./interact.js";
import { channel, emit, isDirect, setClock, setWorld, state, unreadOf, viewsOf } from "./state.js";
import { toast } from "./toasts.js";

/** Fetch the world anew, then what is open. */
export async function loadWorld() {
  setWorld(await getWorld());
  emit("world");
}

/** Messages that came while a list was being fetched would be lost, so such a list is fetched again. */
let touched = 0;

async function load(into, threadTs) {
  const { channel: id, viewer } = state;
  const before = touched;
  // A linked thread may be gone, and the pane says so itself; then there is nothing to complain about.
  const answer = await (threadTs
    ? getMessages(id, viewer, threadTs).catch(() => ({ messages: [] }))
    : attempt(getMessages(id, viewer)));
  const stale = id !== state.channel || viewer !== state.viewer || (threadTs ?? state.thread) !== state.thread;
  if (!answer || stale) return;
  state[into] = answer.messages.filter((each) => !state.dismissed.has(each.ts));
  emit(into);
  if (touched !== before) await load(into, threadTs);
}

export const loadTimeline = () => load("timeline");
export const loadReplies = () => (state.thread ? load("replies", state.thread) : undefined);

const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);
const isTop = (message) => !isReply(message) || message.subtype === "thread_broadcast";

function upsert(list, message) {
  const index = list.findIndex((each) => each.ts === message.ts);
  if (index >= 0) list[index] = message;
  else list.push(message);
  list.sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

function put(message) {
  touched += 1;
  if (isTop(message)) upsert(state.timeline, message);
  if (state.thread && (message.thread_ts ?? message.ts) === state.thread) upsert(state.replies, message);
  drawSoon("timeline");
  drawSoon("replies");
}

const waiting = new Set();

// Many messages may come at once, and a long thread takes its time to draw: once per frame is enough.
function drawSoon(topic) {
  if (!waiting.size) requestAnimationFrame(drawWaiting);
  waiting.add(topic);
}

function drawWaiting() {
  const topics = [...waiting];
  waiting.clear();
  topics.forEach((topic) => emit(topic));
}

function change(ts, fn) {
  touched += 1;
  for (const list of ["timeline", "replies"]) {
    const index = state[list].findIndex((each) => each.ts === ts);
    if (index < 0) continue;
    const changed = fn(state[list][index]);
    state[list].splice(index, 1, ...(changed ? [changed] : []));
    drawSoon(list);
  }
}

function onMessage(event) {
  countUnread(event.channel, event.message);
  if (event.channel !== state.channel) return;
  put(event.message);
  emit("arrived", event.message);
}

function countUnread(channelId, message) {
  const found = channel(channelId);
  if (!found || message.subtype?.startsWith("channel_")) return;
  for (const id of found.members) {
    if (id === message.user || (id === state.viewer && channelId === state.channel && !document.hidden)) continue;
    const counts = unreadOf(id, channelId);
    if (isTop(message)) counts.count += 1;
    if (isDirect(found) || mentions(message, id)) counts.mentions += 1;
  }
  emit("unread");
}

function mentions(message, id) {
  const text = JSON.stringify([message.text ?? "", message.bot_id ? (message.blocks ?? []) : []]);
  return (
    text.includes(`<@${id}>`) ||
    text.includes(`"user_id":"${id}"`) ||
    /<!(?:here|channel|everyone)/.test(message.text ?? "")
  );
}

function onEphemeral(event) {
  if (event.user !== state.viewer) return;
  if (event.channel === state.channel) put({ ...event.message, is_ephemeral: true });
  else unreadOf(event.user, event.channel).count += 1;
  emit("unread");
  emit("arrived", event.message);
}

const ifOpen = (fn) => (event) => {
  if (event.channel === state.channel) fn(event);
};

function setView({ user, view }) {
  const stack = viewsOf(user);
  const index = stack.findIndex((each) => each.id === view.id);
  if (index >= 0) stack[index] = view;
  else stack.push(view);
  emit("views", { user });
}

/** Forget a view, and with it what was stacked on top of it. */
export function dropView(user, viewId) {
  const stack = viewsOf(user);
  const index = stack.findIndex((each) => each.id === viewId);
  if (index >= 0) stack.splice(index, 1);
  emit("views", { user });
}

const HANDLERS = {
  message: onMessage,
  message_changed: ifOpen((event) => change(event.message.ts, () => event.message)),
  message_deleted: ifOpen((event) => change(event.ts, () => null)),
  reaction: ifOpen((event) => change(event.ts, (old) => ({ ...old, reactions: event.reactions }))),
  ephemeral: onEphemeral,
  ephemeral_changed: ifOpen(
    (event) =>
      event.user === state.viewer && change(event.message.ts, () => ({ ...event.message, is_ephemeral: true })),
  ),
  ephemeral_deleted: ifOpen((event) => event.user === state.viewer && change(event.ts, () => null)),
  view_opened: setView,
  view_pushed: setView,
  view_updated: setView,
  view_closed: (event) => dropView(event.user, event.view_id ?? event.view?.id),
  home: (event) => {
    state.homes[event.user] = event.view;
    emit("home");
  },
  channel: (event) => {
    putChannel(event.channel);
    emit("world");
  },
  transport: (event) => {
    state.world.transport = { ...state.world.transport, ...(event.transport ?? event) };
    emit("transport");
  },
  notice: (event) => {
    if (event.user === state.viewer) toast(event.text, "error");
  },
  clock: (event) => {
    setClock(event.clock);
    emit("clock");
  },
};

function putChannel(fresh) {
  const channels = state.world.channels;
  const index = channels.findIndex((each) => each.id === fresh.id);
  if (index >= 0) channels[index] = { ...channels[index], ...fresh };
  else channels.push(fresh);
}

export function apply(event) {
  HANDLERS[event.kind]?.(event);
}

/** Hide an ephemeral message for good, as far as this page is concerned. */
export function dismiss(ts) {
  state.dismissed.add(ts);
  change(ts, () => null);
}
