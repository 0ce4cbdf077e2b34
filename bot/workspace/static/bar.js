// What hangs on a message while one points at it or has it in focus: reactions, reply, edit, delete.

import { complain, sure } from "./ask.js";
import { button, fill, h } from "./dom.js";
import { startEditing } from "./editing.js";
import { glyph, PICKER, QUICK } from "./emoji.js";
import { closeMenu, openMenu } from "./menu.js";
import { react } from "./message.js";
import { isGrey } from "./reading.js";
import { act, store } from "./store.js";

const bar = h("div", { class: "bar", role: "toolbar", "aria-label": "Message" });

export function openPicker(anchor, message) {
  const items = PICKER.map((name) => ({ label: glyph(name), name: `:${name}:`, run: () => react(message, name, true) }));
  openMenu(anchor, items, { grid: true, label: "Emoji" });
}

/** Hang the bar on this message. It stays where somebody works with it. */
export function showBar(box) {
  const { message, flags } = box.about;
  const here = bar.parentNode === box;
  if ((here && bar.about === message) || (!here && bar.contains(document.activeElement))) return;
  if (isGrey(message) || message.ephemeral) return void bar.remove();
  if (bar.contains(document.activeElement)) return;
  closeMenu();
  bar.about = message;
  fill(bar, quick(message), picker(message), thread(message, flags), own(message));
  box.append(bar);
}

function quick(message) {
  return QUICK.map((name) => {
    const run = () => {
      const mine = bar.about.reactions.some((each) => each.name === name && each.users.includes(store.me));
      react(message, name, !mine);
    };
    const label = name === "pushpin" ? "Pushpin: keep this" : `:${name}:`;
    return button(glyph(name), run, { label });
  });
}

function picker(message) {
  const names = { label: "Add a reaction", "aria-haspopup": "menu", "aria-expanded": "false" };
  return button("☺", (event) => openPicker(event.currentTarget, message), names);
}

function thread(message, flags) {
  if (flags.inThread) return null;
  return button("💬", () => flags.open(message.thread_ts ?? message.ts), { label: "Reply in thread" });
}

function own(message) {
  if (message.user !== store.me) return null;
  const items = [
    { label: "Edit message", run: () => startEditing(message) },
    { label: "Delete message …", run: () => remove(message), danger: true },
  ];
  const names = { label: "More", "aria-haspopup": "menu", "aria-expanded": "false" };
  return button("⋯", (event) => openMenu(event.currentTarget, items, { label: "More" }), names);
}

async function remove(message) {
  if (!(await sure("Delete message", "It cannot be brought back.", "Delete", "Cancel", true))) return;
  const answer = await act("delete", { channel: message.channel, ts: message.ts });
  if (!answer.ok) complain(answer.error);
}
