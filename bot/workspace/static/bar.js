// What hangs on a message while one points at it or has it in focus: reactions, reply, edit, delete.

import { complain, sure } from "./ask.js";
import { button, fill, h } from "./dom.js";
import { startEditing } from "./editing.js";
import { glyph, PICKER, QUICK } from "./emoji.js";
import { openMenu } from "./menu.js";
import { react } from "./message.js";
import { shortcuts } from "./shortcuts.js";
import { act, store } from "./store.js";

const bar = h("div", { class: "bar", role: "toolbar", "aria-label": "Message" });

export function openPicker(anchor, message) {
  const items = PICKER.map((name) => ({ label: glyph(name), name: `:${name}:`, run: () => react(message, name, true) }));
  openMenu(anchor, items, { grid: true, label: "Emoji" });
}

/** Hang the bar on this message. It stays where somebody works with it by keyboard, or has opened a list. */
export function showBar(box) {
  if (bar.parentNode === box || bar.querySelector(":focus-visible, [aria-expanded='true']")) return;
  const { message, flags } = box.about;
  if (message.ephemeral) return void bar.remove();
  fill(bar, quick(box), picker(box), thread(box, flags), more(box));
  box.append(bar);
}

function quick(box) {
  return QUICK.map((name) => {
    const run = () => {
      const { message } = box.about;
      const mine = message.reactions.some((each) => each.name === name && each.users.includes(store.me));
      react(message, name, !mine);
    };
    return button(glyph(name), run, { label: name === "pushpin" ? "Pushpin: keep this" : `:${name}:` });
  });
}

function picker(box) {
  const names = { label: "Add a reaction", "aria-haspopup": "menu", "aria-expanded": "false" };
  return button("☺", (event) => openPicker(event.currentTarget, box.about.message), names);
}

function thread(box, flags) {
  if (flags.inThread) return null;
  const run = () => flags.open(box.about.message.thread_ts ?? box.about.message.ts);
  return button("💬", run, { label: "Reply in thread" });
}

function more(box) {
  const { message } = box.about;
  const own = [
    { label: "Edit message", run: () => startEditing(box.about.message) },
    { label: "Delete message …", run: () => remove(box.about.message), danger: true },
  ];
  const items = [...shortcuts("message", message), ...(message.user === store.me ? own : [])];
  if (!items.length) return null;
  const names = { label: "More", "aria-haspopup": "menu", "aria-expanded": "false" };
  return button("⋯", (event) => openMenu(event.currentTarget, items, { label: "More" }), names);
}

async function remove(message) {
  if (!(await sure("Delete message", "It cannot be brought back.", "Delete", "Cancel", true))) return;
  const answer = await act("delete", { channel: message.channel, ts: message.ts });
  if (!answer.ok) complain(answer.error);
}
