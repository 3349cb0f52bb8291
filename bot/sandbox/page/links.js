// Links, and the page's own addresses: #channel, #channel/thread_ts, #channel/home.

import { h } from "./dom.js";
import { textWithEmoji } from "./emoji.js";
import { channel, state } from "./state.js";

/** The address of a conversation, or of a thread in it. */
export function hashFor(channelId, rest) {
  const found = channel(channelId);
  const name = found && !found.is_im ? found.name : channelId;
  return `#${encodeURIComponent(name)}${rest ? `/${rest}` : ""}`;
}

/** Read an address: {channel, thread, tab}; channel is undefined if nobody knows it. */
export function readHash(hash) {
  const [name, rest] = decodeURIComponent(hash.replace(/^#/, "")).split("/");
  const found = state.world.channels.find((each) => each.id === name || (name && each.name === name && !each.is_im));
  return {
    channel: found?.id,
    thread: /^\d+\.\d+$/.test(rest ?? "") ? rest : null,
    tab: rest === "home" ? "home" : "messages",
  };
}

// A permalink of this workspace leads to our own thread pane and not out of the sandbox.
function localAddress(url) {
  const match = url.match(/\/archives\/([CDG]\w+)(?:\/p(\d{10})(\d{6}))?(?:.*[?&]thread_ts=([\d.]+))?/);
  if (!match || !channel(match[1])) return null;
  const [, id, seconds, micros, root] = match;
  return hashFor(id, root ?? (seconds && `${seconds}.${micros}`));
}

/** A safe anchor: only web, mail and in-page targets become links, the rest is shown as text. */
export function link(url, label, className) {
  const shown = label instanceof Node ? label : textWithEmoji(label || url.replace(/^mailto:/, ""));
  const local = url.startsWith("#") ? url : localAddress(url);
  if (local) return h("a", { href: local, class: className }, shown);
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return h("span", {}, shown);
  return h("a", { href: url, class: className, target: "_blank", rel: "noopener noreferrer" }, shown);
}
