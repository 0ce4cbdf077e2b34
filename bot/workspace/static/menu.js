// A short list that hangs on a button: choices, emoji, what can be done with a message.

import { h } from "./dom.js";

let open = null;

export function closeMenu() {
  open?.shut();
}

/** Hang `items` on `anchor`: [{label, run, name?, danger?}]. grid: several beside each other, as emoji are. */
export function openMenu(anchor, items, { grid = false, label = "Choose" } = {}) {
  const again = open?.anchor === anchor;
  closeMenu();
  if (again) return;
  const menu = h("div", { class: grid ? "menu grid" : "menu", role: "menu", "aria-label": label }, items.map(entry));
  anchor.setAttribute("aria-expanded", "true");
  (anchor.closest("dialog") ?? document.body).append(menu);
  place(menu, anchor);
  const shut = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    anchor.setAttribute("aria-expanded", "false");
    open = null;
  };
  const outside = (event) => {
    if (!menu.contains(event.target) && !anchor.contains(event.target)) shut();
  };
  document.addEventListener("pointerdown", outside, true);
  menu.addEventListener("keydown", (event) => steer(event, menu, anchor, shut, grid));
  open = { anchor, shut };
  menu.firstElementChild?.focus();

  function entry({ label: words, run, name, danger }) {
    const pick = () => {
      shut();
      anchor.focus({ preventScroll: true });
      run();
    };
    const look = { type: "button", role: "menuitem", tabindex: "-1", class: danger ? "danger" : null };
    return h("button", { ...look, title: name, "aria-label": name, on: { click: pick } }, words);
  }
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const room = menu.getBoundingClientRect();
  const below = at.bottom + 4 + room.height < innerHeight;
  const left = Math.max(8, Math.min(at.right - room.width, innerWidth - room.width - 8));
  menu.style.setProperty("left", `${at.left + room.width < innerWidth - 8 ? at.left : left}px`);
  menu.style.setProperty("top", `${below ? at.bottom + 4 : Math.max(8, at.top - room.height - 4)}px`);
}

function steer(event, menu, anchor, shut, grid) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const row = grid ? 5 : 1;
  const steps = { ArrowDown: row, ArrowUp: -row, ArrowRight: grid ? 1 : 0, ArrowLeft: grid ? -1 : 0 };
  if (event.key in steps) {
    items[(at + steps[event.key] + items.length) % items.length].focus();
  } else if (event.key === "Home" || event.key === "End") {
    items.at(event.key === "Home" ? 0 : -1).focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    shut();
    anchor.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}
