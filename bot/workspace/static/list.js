// A list of messages: days, what is new, runs of one sender, and the grey lines of who came and what the topic is.

import { dayKey, dayName } from "./dates.js";
import { h, Kept } from "./dom.js";
import { isEdited } from "./editing.js";
import { article, time } from "./message.js";
import { mrkdwn } from "./mrkdwn.js";
import { isGrey } from "./reading.js";
import { changed, now, store } from "./store.js";

const WINDOW = 100; // messages that are drawn at first; the earlier ones come as one scrolls to them
const RUN = 300; // seconds within which messages of one sender are joined

/** A scrolling list that stays at its end while one is there, and stays where one reads otherwise. */
export class MessageList {
  #kept = new Kept();
  #of = "";
  #last = "";

  /** stamp: what else of the page a message shows; when that changes, it is drawn anew. */
  constructor({ inThread = false, open = () => {}, stamp = () => "", label }) {
    this.inThread = inThread;
    this.stamp = stamp;
    this.open = open;
    this.inner = h("div", { class: "list", role: "log", "aria-label": label });
    this.pill = h("button", { type: "button", class: "pill", hidden: true, on: { click: () => this.toEnd() } });
    this.node = h("div", { class: "scroller" }, this.inner);
    this.node.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.inner.addEventListener("keydown", (event) => steer(event, this.inner, () => this.earlier()));
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(this.node);
  }

  #stuck = true;
  #start = ""; // ts of the first message that is drawn
  #hidden = []; // what is not, oldest first
  #fromEnd = null; // where one reads, measured from the end, while earlier ones are put above

  #scrolled() {
    if (this.atEnd()) this.pill.hidden = true;
    else if (this.node.scrollTop < 400) this.earlier();
  }

  /** Draw more of what came before. */
  earlier(count = WINDOW * 2) {
    if (!this.#hidden.length || this.#fromEnd !== null) return;
    this.#start = this.#hidden.at(-count)?.ts ?? "";
    this.#fromEnd = this.node.scrollHeight - this.node.scrollTop;
    changed();
  }

  /** Draw the message of this ts, if it is one of the earlier ones. */
  reveal(ts) {
    const at = this.#hidden.findIndex((each) => each.ts === ts);
    if (at >= 0) this.earlier(this.#hidden.length - at + WINDOW / 2);
  }

  /** The part of the messages that is drawn: the end, and all from the first that is new. */
  #window(messages, since, other) {
    if (this.inThread) return messages;
    const long = this.#stuck && messages.length - this.#hidden.length > WINDOW * 4;
    if (other || long) {
      const end = messages[Math.max(0, messages.length - WINDOW)]?.ts ?? "";
      const fresh = since ? messages.find((each) => each.ts > since && each.user !== store.me && !isGrey(each))?.ts : null;
      this.#start = other && fresh && fresh < end ? fresh : end;
    }
    const at = messages.findIndex((each) => each.ts >= this.#start);
    this.#hidden = messages.slice(0, Math.max(0, at));
    return messages.slice(this.#hidden.length);
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.node;
    this.#stuck = scrollHeight - scrollTop - clientHeight < 60;
    return this.#stuck;
  }

  toEnd() {
    this.pill.hidden = true;
    this.#stuck = true;
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** of: what the list is of; another one begins at its end. since: ts after which all is new; top: a node before all. */
  draw(of, all, { since, top = null, divider = null } = {}) {
    const other = this.#of !== of;
    if (other) {
      this.#kept = new Kept();
      this.#of = of;
      this.#last = "";
    }
    const stay = other || this.#stuck;
    const messages = this.#window(all, since, other);
    this.inner.setAttribute("aria-busy", "true");
    this.#kept.draw(this.inner, [...this.#top(top), ...this.#rows(messages, since, divider)]);
    this.inner.removeAttribute("aria-busy");
    for (const each of this.inner.children) if (each.tabIndex === 0 && each.tagName === "ARTICLE") each.tabIndex = -1;
    const last = [...this.inner.querySelectorAll(":scope > article")].at(-1);
    if (last) last.tabIndex = 0;
    if (this.#fromEnd !== null) this.node.scrollTop = this.node.scrollHeight - this.#fromEnd;
    else this.#follow(stay, messages, since, other);
    this.#fromEnd = null;
  }

  #top(top) {
    const count = this.#hidden.length;
    const more = () => h("button", { type: "button", class: "earlier", on: { click: () => this.earlier() } }, `${count} earlier`);
    if (count) return [["earlier", [count], more]];
    return top ? [["top", [top.key], top.make]] : [];
  }

  #follow(stay, messages, since, other) {
    const fresh = messages.filter((each) => each.ts > Number(this.#last || Infinity) && !isGrey(each));
    const mine = fresh.some((each) => each.user === store.me);
    this.#last = messages.at(-1)?.ts ?? "0";
    const mark = other && since && this.inner.querySelector(".unread");
    if (mark) {
      mark.scrollIntoView({ block: "start" });
      this.atEnd();
    } else if (stay || mine) {
      this.toEnd();
    } else if (fresh.length) {
      this.pill.textContent = fresh.length === 1 ? "1 new message ↓" : `${fresh.length} new messages ↓`;
      this.pill.hidden = false;
    }
  }

  #rows(messages, since, divider) {
    const rows = [];
    let before = null;
    let marked = !since;
    const flags = { inThread: this.inThread, open: this.open };
    const all = runs(messages);
    for (const run of all) {
      const first = run[0];
      const newDay = !before || dayKey(before.ts * 1000) !== dayKey(first.ts * 1000);
      const fresh = !marked && run.some((each) => each.ts > Number(since) && each.user !== store.me && !isGrey(each));
      if (newDay && !this.inThread) rows.push(day(first));
      if (fresh) rows.push(["unread", [], () => h("div", { class: "unread", role: "separator" }, h("span", {}, "New"))]);
      marked ||= fresh;
      const joined = !newDay && !fresh && joins(before, first);
      const inputs = [joined, store.names, dayKey(now()), ...run];
      if (isGrey(first)) rows.push([`grey/${first.ts}`, inputs, () => grey(run)]);
      else rows.push([first.ts, [...inputs, isEdited(first), this.stamp(first)], (node) => article(first, { ...flags, joined }, node)]);
      before = run.at(-1);
      if (!divider || run !== all[0]) continue;
      rows.push(["divider", [divider], () => h("div", { class: "divider" }, divider)]);
      before = null;
    }
    return rows;
  }
}

function day(message) {
  const ms = message.ts * 1000;
  const make = () => h("div", { class: "day", role: "separator" }, h("span", {}, dayName(ms)));
  return [`day/${dayKey(ms)}`, [dayKey(now())], make];
}

/** Grey lines that follow each other are one run; every other message is a run of its own. */
function runs(messages) {
  const all = [];
  for (const message of messages) {
    const last = all.at(-1);
    const goesOn = last && isGrey(message) && isGrey(last[0]) && dayKey(message.ts * 1000) === dayKey(last[0].ts * 1000);
    if (goesOn) last.push(message);
    else all.push([message]);
  }
  return all;
}

function joins(before, message) {
  if (!before || isGrey(before) || before.user !== message.user) return false;
  if (before.ephemeral !== message.ephemeral || before.pinned !== message.pinned) return false;
  return message.ts - before.ts < RUN;
}

function grey(run) {
  const by = (what) => run.filter((each) => each.subtype.endsWith(what));
  const joined = by("_join");
  const left = by("_leave");
  const rest = run.filter((each) => !joined.includes(each) && !left.includes(each));
  const lines = [
    joined.length && [together(joined), "joined"],
    left.length && [together(left), "left"],
    ...latest(rest).map((each) => [h("b", {}, name(each)), mrkdwn(each.text.replace(/^<@\w+> (has )?/, ""))]),
  ];
  const words = lines.filter(Boolean).map(([who, what]) => h("p", {}, who, " ", what));
  return h("div", { class: "grey" }, time(run.at(-1).ts), h("div", {}, words));
}

const name = (message) => store.people.get(message.user)?.real_name ?? message.user;

function together(messages) {
  const names = [...new Set(messages.map(name))];
  const parts = names.map((each) => h("b", {}, each));
  return parts.flatMap((part, i) => (i === 0 ? [part] : [i === parts.length - 1 ? " and " : ", ", part]));
}

/** Of several topics in a row only the last counts. */
function latest(messages) {
  return messages.filter((each, i) => !messages.slice(i + 1).some((later) => later.subtype === each.subtype));
}

function steer(event, list, earlier) {
  const at = event.target;
  if (at.tagName !== "ARTICLE" || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const all = [...list.querySelectorAll(":scope > article")];
  const next = all[all.indexOf(at) + (event.key === "ArrowUp" ? -1 : 1)];
  if (!next && event.key === "ArrowUp") earlier();
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
