// How far this person has read, in this browser.

import { messages, store } from "./store.js";

let whose = "";
let marks = {};

const place = () => `read/${store.team.id}/${store.me}`;

function load() {
  if (whose === place()) return;
  whose = place();
  try {
    marks = JSON.parse(localStorage.getItem(whose)) ?? {};
  } catch {
    marks = {};
  }
}

/** The ts up to which a channel, or a thread ("C1/ts"), was read; undefined: never looked at. */
export function readUpTo(key) {
  load();
  return marks[key];
}

export function markRead(key, ts) {
  load();
  if (!ts || Number(marks[key] ?? 0) >= Number(ts)) return false;
  marks[key] = ts;
  try {
    localStorage.setItem(whose, JSON.stringify(marks));
  } catch {
    // a browser that keeps nothing: the marks last as long as the page
  }
  return true;
}

/** Lines of the channel itself (in a private one Slack calls it a group): who came, what the topic is. */
export const isGrey = (message) => /^(channel|group)_/.test(message.subtype ?? "");

export function isInChannel(message) {
  return !message.thread_ts || message.broadcast;
}

const isForMe = (message) => message.text.includes(`<@${store.me}>`) || /<!(here|channel|everyone)>/.test(message.text);

/** {any, count}: whether there is anything new, and how much of it is for this person. */
export function unread(channel) {
  const mark = readUpTo(channel.id) ?? "";
  const all = messages(channel.id);
  const from = all.findLastIndex((each) => each.ts <= mark) + 1;
  const fresh = all.slice(from).filter((each) => each.user !== store.me && !isGrey(each));
  const visible = fresh.filter(isInChannel);
  const mine = channel.kind === "dm" ? visible : fresh.filter(isForMe);
  return { any: visible.length > 0 || mine.length > 0, count: mine.length };
}
