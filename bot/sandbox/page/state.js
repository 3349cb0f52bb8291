// What the page knows, in one object, and a tiny bus that tells the views when a part of it has changed.

export const state = {
  world: null,
  viewer: null,
  channel: null,
  tab: "messages",
  thread: null,
  timeline: [],
  replies: [],
  views: new Map(),
  homes: {},
  unread: new Map(),
  dismissed: new Set(),
  drafts: new Map(),
  clockOffset: 0,
  live: false,
};

const listeners = new Map();

/** Call fn whenever one of the topics (space separated) is emitted. */
export function on(topics, fn) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, []);
    listeners.get(topic).push(fn);
  }
}

export function emit(topic, detail) {
  for (const fn of listeners.get(topic) ?? []) fn(detail);
}

/** Take a fresh world from the server. */
export function setWorld(world) {
  state.world = world;
  state.homes = world.homes ?? {};
  state.views = new Map();
  for (const { user, view } of world.views ?? []) viewsOf(user).push(view);
  setClock(world.clock);
}

export function setClock(clock) {
  state.clockOffset = clock - Date.now() / 1000;
}

/** The sandbox's time now, as epoch seconds. */
export const now = () => Date.now() / 1000 + state.clockOffset;

export const user = (id) => state.world.users.find((each) => each.id === id);
export const channel = (id) => state.world.channels.find((each) => each.id === id);
export const me = () => user(state.viewer);
export const appUser = () => state.world.app.bot_user_id;
export const isAdmin = (id) => Boolean(user(id)?.is_admin ?? user(id)?.is_owner ?? id === "U0ANA");
export const people = () => state.world.users.filter((each) => !isRobot(each));

export function isRobot(each) {
  return Boolean(each.is_bot) || each.id === "USLACKBOT" || each.id === appUser();
}

export function viewsOf(userId) {
  if (!state.views.has(userId)) state.views.set(userId, []);
  return state.views.get(userId);
}

/** The name on screen: the full name, else the handle, else the id. */
export function nameOf(id) {
  const found = user(id);
  if (id === appUser()) return state.world.app.name;
  if (!found) return id;
  return found.real_name || found.profile?.real_name || found.name || id;
}

/** How a conversation is called by the person who looks at it. */
export function channelName(found, viewer = state.viewer) {
  if (!found) return "unknown";
  if (found.is_mpim) return othersIn(found, viewer).map(shortName).join(", ");
  if (!found.is_im) return found.name;
  const other = found.members.find((id) => id !== viewer) ?? found.members[0];
  return other === appUser() ? state.world.app.name : nameOf(other);
}

const othersIn = (found, viewer) => found.members.filter((id) => id !== viewer);
const shortName = (id) => (id === appUser() ? nameOf(id) : nameOf(id).split(" ")[0]);

/** Whether a conversation is its people, and no place with a name of its own. */
export const isDirect = (found) => Boolean(found?.is_im || found?.is_mpim);

/** How a conversation is called where its kind must show: #training-runs, or the people in it. */
export const placeName = (found) => (isDirect(found) ? channelName(found) : `#${channelName(found)}`);

export const isBotIm = (found) => Boolean(found?.is_im && found.members.includes(appUser()));

/** The conversations a person sees in the sidebar. */
export const conversationsOf = (id) => state.world.channels.filter((each) => each.members.includes(id));

/** Unread counts of one person in one channel: {count, mentions}. */
export function unreadOf(userId, channelId) {
  const key = `${userId} ${channelId}`;
  if (!state.unread.has(key)) state.unread.set(key, { count: 0, mentions: 0 });
  return state.unread.get(key);
}

/** How many mentions and direct messages wait for a person. */
export function mentionsOf(userId) {
  return conversationsOf(userId).reduce((sum, each) => sum + unreadOf(userId, each.id).mentions, 0);
}

export function markRead() {
  Object.assign(unreadOf(state.viewer, state.channel), { count: 0, mentions: 0 });
  emit("unread");
}
