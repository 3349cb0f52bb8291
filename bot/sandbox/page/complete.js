// What could be meant by the text before the cursor: a command, a sub-command, a person, a channel, an emoji.

import { emoji, findEmoji } from "./emoji.js";
import { avatar, pulse } from "./avatar.js";
import { icon } from "./icons.js";
import { BUILT_INS } from "./commands.js";
import { conversationsOf, isDirect, nameOf, state } from "./state.js";

const LIMIT = 8;

/** {items: [{label, note, mark, insert}], from, eager, title, hint} or null. Eager: Enter takes the first item. */
export function complete(text, caret) {
  const before = text.slice(0, caret);
  if (before.startsWith("/") && !before.includes("\n"))
    return before.includes(" ") ? (subForms(before) ?? names(before)) : commands(before);
  return names(before);
}

function commands(before) {
  const app = state.world.app.commands.map((each) => ({ ...each, mark: pulse() }));
  const own = BUILT_INS.map((each) => ({ ...each, mark: icon("bolt") }));
  const hits = [...app, ...own].filter((each) => each.command.startsWith(before.toLowerCase()));
  const items = hits.map((each) => ({
    label: each.command,
    note: [each.usage_hint, each.description].filter(Boolean).join(" — "),
    mark: each.mark,
    insert: `${each.command} `,
  }));
  return found({ items, from: 0, exact: items.length === 1 && items[0].label === before, title: "Commands" });
}

function subForms(before) {
  const [, command, args] = before.match(/^(\/\S+)\s+(.*)$/) ?? [];
  const known = state.world.app.commands.find((each) => each.command === command);
  if (!known?.usage_hint || /[@#]\S*$/.test(args)) return null;
  const forms = usageForms(known.usage_hint);
  const typed = args.toLowerCase();
  const hits = forms.filter((form) => form.literal && form.literal.startsWith(typed) && form.literal !== typed.trim());
  const items = hits.map((form) => ({
    label: form.literal,
    note: form.rest,
    mark: pulse(),
    insert: `${command} ${form.literal} `,
  }));
  const current = forms.find((form) => form.literal && typed.startsWith(form.literal));
  return found({
    items,
    from: 0,
    lazy: !typed,
    title: command,
    hint: current
      ? `${command} ${current.literal} ${current.rest}`
      : items.length
        ? ""
        : `${command} ${known.usage_hint}`,
  });
}

/** "open [sev] title | list" as [{literal: "open", rest: "[sev] title"}, {literal: "list", rest: ""}]. */
export function usageForms(hint) {
  const whole = hint.match(/^\[([^[\]]*\|[^[\]]*)\]\s*(.*)$/);
  const parts = splitTop(whole ? whole[1] : hint);
  return parts.map((part) => {
    const literal = part.match(/^[a-z][\w-]*(?=\s|$)/i)?.[0].toLowerCase() ?? "";
    return { literal, rest: [part.slice(literal.length).trim(), whole?.[2]].filter(Boolean).join(" ") };
  });
}

function splitTop(text) {
  let depth = 0;
  const parts = [""];
  for (const char of text) {
    depth += { "[": 1, "<": 1, "(": 1, "]": -1, ">": -1, ")": -1 }[char] ?? 0;
    if (char === "|" && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

const NAME_SOURCES = {
  "@": { title: "People", find: people },
  "#": { title: "Channels", find: channels },
  ":": { title: "Emoji", find: emojis },
};

function names(before) {
  const match = before.match(/(?:^|[\s(])([@#]|:(?=[a-z0-9_+-]{2}))([\w.+-]*)$/u);
  if (!match) return null;
  const [, sign, word] = match;
  const source = NAME_SOURCES[sign];
  const items = source.find(word.toLowerCase()).slice(0, LIMIT);
  return found({
    items,
    from: before.length - word.length - 1,
    exact: items[0]?.insert.trim() === `${sign}${word}`,
    title: source.title,
  });
}

function people(word) {
  const matches = (each) =>
    each.name.startsWith(word) ||
    nameOf(each.id)
      .toLowerCase()
      .split(/\s+/)
      .some((part) => part.startsWith(word));
  const users = state.world.users
    .filter((each) => each.id !== "USLACKBOT" && matches(each))
    .map((each) => ({
      label: nameOf(each.id),
      note: `@${each.name}`,
      mark: avatar(each.id, "tiny"),
      insert: `@${each.name} `,
    }));
  const groups = (state.world.usergroups ?? [])
    .filter((each) => each.handle.startsWith(word))
    .map((each) => ({ label: `@${each.handle}`, note: each.name, mark: icon("people"), insert: `@${each.handle} ` }));
  const ranges = ["here", "channel"]
    .filter((each) => each.startsWith(word))
    .map((each) => ({
      label: `@${each}`,
      note: "everybody in this channel",
      mark: icon("people"),
      insert: `@${each} `,
    }));
  return [...users, ...groups, ...ranges];
}

function channels(word) {
  const open = conversationsOf(state.viewer).filter((each) => !isDirect(each) && each.name.includes(word));
  return open.map((each) => ({
    label: `#${each.name}`,
    note: each.topic || "",
    mark: icon(each.is_private ? "lock" : "hash"),
    insert: `#${each.name} `,
  }));
}

function emojis(word) {
  return findEmoji(word, LIMIT).map((name) => ({ label: `:${name}:`, mark: emoji(name), insert: `:${name}: ` }));
}

function found({ items, from, exact = false, lazy = false, title, hint }) {
  if (!items.length && !hint) return null;
  return { items: exact ? [] : items, from, eager: !lazy, title, hint: hint ?? (exact ? items[0].note : "") };
}
