// Times in the zone of the person who looks.

import { now, store } from "./store.js";

const made = new Map();

function formatter(options) {
  const zone = store.people.get(store.me)?.tz || "UTC";
  const key = zone + JSON.stringify(options);
  if (!made.has(key)) made.set(key, inZone(zone, options));
  return made.get(key);
}

function inZone(zone, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  }
}

const format = (ms, options) => formatter(options).format(ms);

export const clock = (ms) => format(ms, { hour: "2-digit", minute: "2-digit" });
export const clockSeconds = (ms) => format(ms, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const dayKey = (ms) => format(ms, { year: "numeric", month: "2-digit", day: "2-digit" });
const long = (ms) => format(ms, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const short = (ms) => format(ms, { day: "numeric", month: "short", year: "numeric" });
const plain = (ms) => format(ms, { day: "numeric", month: "long", year: "numeric" });

/** The whole of it, for a title: date, seconds and zone. */
export function full(ms) {
  const zone = { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" };
  return `${long(ms)}, ${format(ms, zone)}`;
}

const DAY = 86_400_000;

function pretty(ms, otherwise) {
  const day = dayKey(ms);
  for (const [word, at] of [["today", now()], ["yesterday", now() - DAY], ["tomorrow", now() + DAY]]) {
    if (day === dayKey(at)) return word;
  }
  return otherwise(ms);
}

export function dayName(ms) {
  const name = pretty(ms, (at) => format(at, { weekday: "long", day: "numeric", month: "long" }));
  return name[0].toUpperCase() + name.slice(1);
}

/** "14:02", with the day before it if that is not today. */
export function when(ms) {
  return dayKey(ms) === dayKey(now()) ? clock(ms) : `${pretty(ms, short)} ${clock(ms)}`;
}

const TOKENS = {
  date_num: (ms) => dayKey(ms).split("/").reverse().join("-"),
  date: plain,
  date_short: short,
  date_long: long,
  date_pretty: (ms) => pretty(ms, plain),
  date_short_pretty: (ms) => pretty(ms, short),
  date_long_pretty: (ms) => pretty(ms, long),
  time: clock,
  time_secs: clockSeconds,
};

/** Slack's date token: `{date_short_pretty} {time}` filled in. A day's word begins with a capital where the text begins. */
export function filled(pattern, ms) {
  const text = pattern.replace(/\{(\w+)\}/g, (whole, name) => (TOKENS[name] ? TOKENS[name](ms) : whole));
  return pattern.startsWith("{date") ? text[0].toUpperCase() + text.slice(1) : text;
}

/** The offset of the zone, as "Europe/Lisbon". */
export function zoneName(person) {
  return person?.tz || "UTC";
}
