// Times on screen, always in the time zone of the person one acts as, by the sandbox's clock.

import { me, now } from "./state.js";

const zone = () => me()?.tz || undefined;
const formats = new Map();

function format(epoch, options) {
  const key = JSON.stringify(options) + zone();
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone() }));
  return formats.get(key).format(new Date(epoch * 1000));
}

export const clockTime = (epoch) => format(epoch, { hour: "2-digit", minute: "2-digit" });
export const dayKey = (epoch) => format(epoch, { year: "numeric", month: "2-digit", day: "2-digit" });
export const fullTime = (epoch) =>
  format(epoch, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  });

/** "Today", "Yesterday" or "Monday 3 March". */
export function dayName(epoch) {
  return nearDay(epoch) ?? format(epoch, { weekday: "long", day: "numeric", month: "long" });
}

function nearDay(epoch) {
  const names = [
    ["Today", 0],
    ["Yesterday", -86400],
    ["Tomorrow", 86400],
  ];
  return names.find(([, shift]) => dayKey(epoch) === dayKey(now() + shift))?.[0];
}

const UNITS = [
  [86400, "day"],
  [3600, "h"],
  [60, "min"],
];

/** "just now", "2 min ago", "in 3 h". */
export function ago(epoch) {
  const seconds = Math.round(now() - epoch);
  const unit = UNITS.find(([size]) => Math.abs(seconds) >= size);
  if (!unit) return "just now";
  const count = Math.floor(Math.abs(seconds) / unit[0]);
  const words = `${count} ${unit[1]}${unit[1] === "day" && count > 1 ? "s" : ""}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

const DATE_TOKENS = {
  date_num: (t) => format(t, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-"),
  date_slash: (t) => format(t, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (t) => format(t, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (t) => format(t, { day: "numeric", month: "short", year: "numeric" }),
  date_long: (t) => format(t, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  time: clockTime,
  time_secs: (t) => format(t, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  day_divider_pretty: dayName,
  ago,
};

/** Fill the tokens of <!date^epoch^{date_short_pretty} at {time}|...>. */
export function fillDateTokens(epoch, pattern) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    if (DATE_TOKENS[token]) return DATE_TOKENS[token](epoch);
    const plain = DATE_TOKENS[token.replace(/_pretty$/, "")];
    return plain ? (nearDay(epoch)?.toLowerCase() ?? plain(epoch)) : whole;
  });
}

/** Minutes a zone is ahead of UTC at a moment. */
function zoneOffset(epoch) {
  const parts = format(epoch, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const [day, month, year, hour, minute, second] = parts.match(/\d+/g).map(Number);
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - epoch) / 60);
}

/** "2026-11-22T14:05" on the person's wall clock as epoch seconds. */
export function fromLocal(text) {
  const asUtc = Date.parse(`${text}Z`) / 1000;
  const guess = asUtc - zoneOffset(asUtc) * 60;
  return asUtc - zoneOffset(guess) * 60;
}

export function toLocal(epoch) {
  return new Date((epoch + zoneOffset(epoch) * 60) * 1000).toISOString().slice(0, 16);
}
