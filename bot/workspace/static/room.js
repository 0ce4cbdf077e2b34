// The middle of the page: a channel, a DM, or the app's Home tab; and the thread beside it.

import { asked, complain, dialog, sure } from "./ask.js";
import { drawBlocks } from "./blocks.js";
import { composer } from "./composer.js";
import { button, fill, h, Kept } from "./dom.js";
import { startEditing } from "./editing.js";
import { withEmoji } from "./emoji.js";
import { MessageList } from "./list.js";
import { openMenu } from "./menu.js";
import { avatar } from "./message.js";
import { allowed, outside } from "./mrkdwn.js";
import { isInChannel, markRead, readUpTo } from "./reading.js";
import { openDm } from "./sidebar.js";
import { act, channelName, messages, personName, store } from "./store.js";

const head = h("header", { class: "top" });
const marks = h("nav", { class: "bookmarks", "aria-label": "Bookmarks" });
const foot = h("div", { class: "foot" });
const sheet = h("div", { class: "sheet" });
const home = h("div", { class: "scroller", hidden: true }, sheet);
const list = new MessageList({
  label: "Messages",
  open: (ts) => go(`${shownIn}/${ts}`),
  stamp: (message) => (message.reply_count ? readUpTo(`${message.channel}/${message.ts}`) : ""),
});
export const room = h("main", { class: "room" }, head, marks, list.node, home, list.pill, foot);

const threadHead = h("header", { class: "top" });
const threadFoot = h("div", { class: "foot" });
const replies = new MessageList({ inThread: true, label: "Thread" });
export const pane = h("aside", { class: "thread", "aria-label": "Thread", hidden: true }, threadHead, replies.node, replies.pill, threadFoot);

const kept = { head: new Kept(), marks: new Kept(), foot: new Kept(), threadHead: new Kept(), threadFoot: new Kept() };
let shownIn = "";
let since; // ts up to which all was read when this channel was opened

export function go(place) {
  location.hash = `#/${store.me}/${place}`;
}

const seen = () => document.visibilityState === "visible" && document.hasFocus();

/** Another channel, or another person, is looked at. */
export function enter(place) {
  shownIn = place;
  since = readUpTo(place);
}

export function drawRoom(route) {
  const channel = store.channels.get(route.place);
  const atHome = route.place === "home";
  const app = [...store.channels.values()].find((each) => each.kind === "dm" && each.with === store.app.user);
  kept.head.draw(head, [["head", [channel, atHome, app?.id, store.names], () => h("div", {}, heading(channel, atHome, app))]]);
  list.node.hidden = atHome;
  home.hidden = !atHome;
  foot.hidden = atHome;
  drawMarks(channel);
  if (atHome) return drawHome();
  if (!channel) return fill(foot, h("p", { class: "closed" }, "There is no such channel, or you may not see it."));
  const all = messages(channel.id);
  const here = all.filter(isInChannel);
  list.draw(`${store.me}/${channel.id}`, here, { since, top: { key: `${channel.topic}${channel.purpose}`, make: () => beginning(channel) } });
  if (seen() && list.atEnd()) markRead(channel.id, all.at(-1)?.ts);
  const inputs = [store.me, channel.id, channel.member, channel.archived, store.names];
  return kept.foot.draw(foot, [["foot", inputs, () => line(channel)]]);
}

function heading(channel, atHome, app) {
  const menu = button("☰", toggleSidebar, { class: "quiet burger", label: "Channels and people", "aria-controls": "sidebar" });
  if (atHome || (channel?.kind === "dm" && channel.with === store.app.user)) return [menu, h("h2", {}, store.app.name), tabs(atHome, app)];
  if (!channel) return [menu, h("h2", {}, "–")];
  const sign = { public: "# ", private: "🔒 ", dm: "" }[channel.kind];
  const topic = channel.kind === "dm" ? (store.people.get(channel.with)?.title ?? "") : channel.topic;
  const words = h("div", { class: "words" }, h("h2", {}, sign, channelName(channel)), h("p", { title: topic }, topic));
  return [menu, words, channel.kind === "dm" ? null : tools(channel)];
}

function tabs(atHome, app) {
  if (!store.app.home) return null;
  const tab = (name, on, href) => h("a", { href, "aria-current": on ? "page" : null }, name);
  const messagesAt = app ? `#/${store.me}/${app.id}` : `#/${store.me}/home`;
  return h("nav", { class: "tabs" }, tab("Home", atHome, `#/${store.me}/home`), tab("Messages", !atHome, messagesAt));
}

function tools(channel) {
  const people = button(`👥 ${channel.members.length}`, () => members(channel), { class: "quiet", label: `${channel.members.length} members` });
  const pins = channel.pins.length
    ? button(`📌 ${channel.pins.length}`, () => toPin(channel), { class: "quiet", label: "Go to what is pinned" })
    : null;
  const items = [
    { label: "Invite somebody …", run: () => invite(channel) },
    { label: "Leave", run: () => did("leave", channel) },
    { label: "Archive …", run: () => archive(channel), danger: true },
  ];
  const names = { class: "quiet", label: "Channel", "aria-haspopup": "menu", "aria-expanded": "false" };
  const more = channel.member ? button("⋯", (event) => openMenu(event.currentTarget, items, { label: "Channel" }), names) : null;
  return h("div", { class: "tools" }, pins, people, more);
}

export function toggleSidebar() {
  document.body.classList.toggle("sidebar-open");
}

async function did(what, channel, more = {}) {
  const answer = await act(what, { channel: channel.id, ...more });
  if (!answer.ok) complain(answer.error);
}

async function archive(channel) {
  if (await sure("Archive", `Nobody can write in #${channel.name} any more.`, "Archive", "Cancel", true)) did("archive", channel);
}

async function invite(channel) {
  const name = await asked("Invite", "Name, such as ben", "Invite");
  if (!name) return;
  const found = [...store.people.values()].find((each) => [each.name, each.real_name.toLowerCase()].includes(name.replace(/^@/, "").toLowerCase()));
  if (found) did("invite", channel, { user: found.id });
  else complain(`Nobody is called ${name}.`);
}

function members(channel) {
  dialog(`In #${channel.name}`, (close) => {
    const row = (id) => {
      const person = store.people.get(id);
      const open = () => {
        close();
        openDm(id);
      };
      const words = h("span", {}, personName(id), h("small", {}, [person?.title, person?.tz].filter(Boolean).join(" · ")));
      return h("button", { type: "button", class: "person", disabled: id === store.me, on: { click: open } }, avatar(id), words);
    };
    return h("div", { class: "inside" }, channel.members.map(row));
  });
}

function toPin(channel) {
  const ts = channel.pins.at(-1);
  list.reveal(ts);
  setTimeout(() => {
    const node = list.inner.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!node) return;
    node.scrollIntoView({ block: "start" });
    node.focus({ preventScroll: true });
  }, 0);
}

function drawMarks(channel) {
  const bookmarks = channel?.bookmarks ?? [];
  marks.hidden = !bookmarks.length;
  const make = ({ emoji, title, link }) => {
    const words = `${emoji ? withEmoji(emoji) : "🔗"} ${title}`;
    return allowed(link) ? outside(link, [words]) : h("span", {}, words);
  };
  kept.marks.draw(marks, bookmarks.map((each) => [each.id, [each.title, each.link], () => make(each)]));
}

function drawHome() {
  const view = store.home;
  if (view) drawBlocks(sheet, { key: view.id, where: { view_id: view.id } }, view.blocks);
  else fill(sheet, h("p", { class: "closed" }, `${store.app.name} shows nothing here yet.`));
}

function beginning(channel) {
  const command = store.commands[0]?.command;
  const help = command ? [" Type ", h("code", {}, `${command} help`), " to see what can be done."] : [];
  const name = channel.kind === "dm" ? `This is between you and ${channelName(channel)}.` : `This is the beginning of #${channel.name}.`;
  const purpose = channel.purpose ? h("p", {}, channel.purpose) : null;
  return h("div", { class: "beginning" }, h("p", {}, name, help), purpose);
}

function line(channel) {
  if (channel.archived) return h("p", { class: "closed" }, "This channel is archived; it can only be read.");
  if (!channel.member) {
    const join = button("Join", () => did("join", channel), { class: "button filled primary" });
    return h("p", { class: "closed" }, "You can read this channel, but you are not in it. ", join);
  }
  const to = channel.kind === "dm" ? channelName(channel) : `#${channel.name}`;
  const placeholder = `Message ${to.length > 28 ? `${to.slice(0, 27)}…` : to}`;
  return composer({ channel: channel.id, thread: null, placeholder }, editLast);
}

function editLast() {
  const own = messages(shownIn).filter((each) => each.user === store.me && isInChannel(each) && !each.subtype && !each.ephemeral);
  if (own.length) startEditing(own.at(-1));
}

export function drawThread(route) {
  const channel = store.channels.get(route.place);
  const all = channel && route.thread ? messages(channel.id) : [];
  const shown = all.filter((each) => each.ts === route.thread || each.thread_ts === route.thread);
  pane.hidden = !shown.length;
  document.body.classList.toggle("thread-open", !pane.hidden);
  if (pane.hidden) return;
  kept.threadHead.draw(threadHead, [["head", [channel.id, store.names], () => threadHeading(channel)]]);
  const count = shown.length - 1;
  const divider = count === 0 ? "No replies yet" : count === 1 ? "1 reply" : `${count} replies`;
  replies.draw(`${store.me}/${channel.id}/${route.thread}`, shown, { divider });
  if (seen()) markRead(`${channel.id}/${route.thread}`, shown.at(-1).ts);
  const spot = { channel: channel.id, thread: route.thread, placeholder: "Reply …" };
  const make = () => (channel.member && !channel.archived ? composer(spot) : h("p", { class: "closed" }, "You cannot write here."));
  kept.threadFoot.draw(threadFoot, [["foot", [store.me, route.thread, channel.id, channel.member, channel.archived], make]]);
}

function threadHeading(channel) {
  const words = h("div", { class: "words" }, h("h2", {}, "Thread"), h("p", {}, channel.kind === "dm" ? channelName(channel) : `# ${channel.name}`));
  return h("div", {}, words, button("✕", () => go(channel.id), { class: "quiet", label: "Close the thread" }));
}
