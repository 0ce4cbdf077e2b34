// One message: who, when, what, and what people did with it.

import { drawBlocks } from "./blocks.js";
import { clock, full, when } from "./dates.js";
import { button, fill, h, keptOf } from "./dom.js";
import { editor, isEdited } from "./editing.js";
import { glyph } from "./emoji.js";
import { fileCard } from "./files.js";
import { openPicker, showBar } from "./bar.js";
import { mrkdwn } from "./mrkdwn.js";
import { readUpTo } from "./reading.js";
import { act, personName, store } from "./store.js";

const HUES = 8;
const hovers = matchMedia("(hover: hover)"); // a screen that is touched shows the bar for a tap on the words only

/** A square with an initial; the app has its bell. */
export function avatar(id, size = "") {
  const look = `avatar ${size}`;
  if (id === store.app.user) return h("img", { class: look, src: "/static/bell.svg", alt: "" });
  const hue = [...id].reduce((sum, letter) => sum * 31 + letter.codePointAt(0), 7) % HUES;
  return h("span", { class: `${look} hue${hue}`, "aria-hidden": "true" }, personName(id).slice(0, 1).toUpperCase());
}

export function time(ts, props = {}) {
  const ms = ts * 1000;
  return h("time", { datetime: new Date(ms).toISOString(), title: full(ms), ...props }, clock(ms));
}

/** flags: {joined, inThread, open(ts)}; node: what stood here before. */
export function article(message, flags, node) {
  const box = node ?? empty();
  const inner = box.firstChild;
  const { joined } = flags;
  const name = personName(message.user);
  box.className = ["message", joined && "joined", message.pinned && "pinned", message.ephemeral && "ephemeral"].filter(Boolean).join(" ");
  box.setAttribute("aria-label", `${name}, ${clock(message.ts * 1000)}`);
  box.dataset.ts = message.ts;
  box.about = { message, flags };
  keptOf(inner).draw(inner, parts(message, flags));
  return box;
}

function empty() {
  const box = h("article", { class: "message", tabindex: "-1" }, h("div", { class: "inner" }));
  box.addEventListener("pointerenter", (event) => event.pointerType === "touch" || showBar(box));
  box.addEventListener("focusin", (event) => (event.target === box || hovers.matches) && showBar(box));
  return box;
}

function parts(message, flags) {
  const { joined, inThread } = flags;
  const { pinned, ephemeral, user } = message;
  const reactions = JSON.stringify(message.reactions);
  const replies = JSON.stringify([message.reply_count, message.latest_reply, readUpTo(`${message.channel}/${message.ts}`)]);
  const files = JSON.stringify(message.files);
  return [
    (pinned || ephemeral) && ["note", [pinned, ephemeral], () => note(message)],
    joined ? ["time", [message.ts], () => time(message.ts, { class: "when" })] : ["avatar", [user, store.names], () => avatar(user)],
    !joined && ["head", [user, message.ts, store.names], () => head(message)],
    ["body", [message, isEdited(message), store.names], (node) => content(message, node)],
    message.files.length && ["files", [files], () => h("div", { class: "files" }, message.files.map(fileCard))],
    message.reactions.length && ["reactions", [reactions, store.names], () => reactionRow(message)],
    !inThread && message.reply_count && ["replies", [replies, store.names], () => replyLine(message, flags.open)],
  ].filter(Boolean);
}

function note(message) {
  return h("p", { class: "note" }, message.ephemeral ? "👁 Only visible to you" : "📌 Pinned");
}

function head(message) {
  const person = store.people.get(message.user);
  const badge = person?.bot ? h("span", { class: "badge" }, "APP") : null;
  return h("div", { class: "head" }, h("b", {}, personName(message.user)), badge, time(message.ts));
}

function content(message, node) {
  if (isEdited(message)) return editor(message);
  const kind = message.blocks.length ? "blocks" : "text";
  const box = node?.className === kind ? node : h("div", { class: kind });
  const surface = { key: `${message.channel}/${message.ts}`, where: { channel: message.channel, ts: message.ts } };
  if (message.blocks.length) drawBlocks(box, surface, message.blocks);
  else fill(box, mrkdwn(message.text), message.edited ? h("span", { class: "edited" }, " (edited)") : null);
  return box;
}

/** Put a reaction on a message, or take it off. */
export function react(message, name, on) {
  act("react", { channel: message.channel, ts: message.ts, name, on });
}

function reactionRow(message) {
  const key = `${message.channel}/${message.ts}/react`;
  const chips = message.reactions.map(({ name, users, count }) => {
    const mine = users.includes(store.me);
    const title = `${users.map(personName).join(", ")} reacted with :${name}:`;
    const names = { "aria-pressed": String(mine), "aria-label": title, title, dataset: { key: `${key}/${name}` } };
    return h("button", { type: "button", class: "chip", ...names, on: { click: () => react(message, name, !mine) } }, glyph(name), h("b", {}, String(count)));
  });
  const more = button("☺+", (event) => openPicker(event.currentTarget, message), { class: "chip add", label: "Add a reaction" });
  return h("div", { class: "reactions" }, chips, more);
}

function replyLine(message, open) {
  const { channel, ts, reply_count: count, latest_reply: latest, reply_users: users } = message;
  const fresh = Number(latest) > Number(readUpTo(`${channel}/${ts}`) ?? 0);
  const words = count === 1 ? "1 reply" : `${count} replies`;
  const line = h("button", { type: "button", class: fresh ? "replies fresh" : "replies", on: { click: () => open(ts) } });
  line.append(...users.slice(0, 3).map((id) => avatar(id, "small")), h("b", {}, words));
  line.append(h("span", { title: full(latest * 1000) }, fresh ? `new, last ${when(latest * 1000)}` : `last ${when(latest * 1000)}`));
  return line;
}
