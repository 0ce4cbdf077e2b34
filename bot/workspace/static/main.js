// Puts the page together: who one is and where one looks stand in the address, #/U1/C1/ts.

import { closeMenu } from "./menu.js";
import { drawModals } from "./modal.js";
import { h, keepingFocus } from "./dom.js";
import { unread } from "./reading.js";
import { drawRoom, drawThread, enter, go, pane, room, toggleSidebar } from "./room.js";
import { drawSidebar, sidebar } from "./sidebar.js";
import { act, changed, channelName, connect, messages, playable, store, watch } from "./store.js";

const away = h("p", { class: "away", role: "status", hidden: true }, "The workspace does not answer. Trying again …");
const veil = h("div", { class: "veil", on: { click: toggleSidebar } });
let people = [];
let route = { me: "", place: "", thread: "" };
let entered = "";
let toFocus = false; // a place was just turned to: its line is to be typed in

// The drawer of a narrow page closes also when the place is the one where one is.
document.addEventListener("click", (event) => {
  if (event.target.closest(".sidebar a")) document.body.classList.remove("sidebar-open");
});

function read() {
  const [, me = "", place = "", thread = ""] = decodeURIComponent(location.hash).split("/");
  return { me: people.some((each) => each.id === me) ? me : (people[0]?.id ?? ""), place, thread };
}

function turn() {
  const before = route;
  route = read();
  closeMenu();
  toFocus = before.place !== route.place || before.thread !== route.thread;
  document.body.classList.remove("sidebar-open");
  if (route.me && route.me !== store.me) be(route.me);
  if (route.place === "home" && (before.place !== "home" || before.me !== route.me)) act("home");
  changed();
}

function be(me) {
  entered = "";
  connect(me, start);
}

async function start() {
  try {
    people = await playable();
  } catch {
    away.hidden = false;
    setTimeout(start, 2000);
    return;
  }
  store.me = "";
  turn();
}

/** Where to look if the address does not say: where something happened last. */
function liveliest() {
  const open = [...store.channels.values()].filter((each) => each.member && !each.archived && each.kind !== "dm");
  const last = (channel) => Number(messages(channel.id).at(-1)?.ts ?? 0);
  return open.sort((a, b) => last(b) - last(a))[0]?.id ?? "";
}

function draw() {
  away.hidden = store.live;
  if (!store.live && !store.channels.size) return;
  if (store.live && route.place !== "home" && !store.channels.has(route.place)) {
    const place = liveliest();
    if (place) return location.replace(`#/${store.me}/${place}`);
  }
  const here = `${store.me}/${route.place}`;
  if (store.live && entered !== here) {
    entered = here;
    enter(route.place);
  }
  keepingFocus(() => {
    drawRoom(route);
    drawThread(route);
    drawSidebar(route, people);
    drawModals();
  });
  if (toFocus) focusLine();
  name();
}

/** As in Slack the line of the place is ready to be typed in; on a screen that is touched no keyboard jumps up. */
function focusLine() {
  const line = document.querySelector(route.thread ? ".thread textarea" : ".room .composer textarea");
  if (!line) return;
  toFocus = false;
  if (matchMedia("(hover: hover)").matches && !document.querySelector("dialog[open]")) line.focus({ preventScroll: true });
}

function name() {
  const channel = store.channels.get(route.place);
  const mine = [...store.channels.values()].reduce((sum, each) => sum + (each.id === route.place ? 0 : unread(each).count), 0);
  const place = channel ? `${channel.kind === "dm" ? "" : "#"}${channelName(channel)}` : store.app.name;
  const me = store.people.get(store.me)?.real_name.split(" ")[0] ?? "";
  document.title = `${mine ? `(${mine}) ` : ""}${place} · ${me}`;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (document.body.classList.contains("sidebar-open")) toggleSidebar();
  else if (route.thread) go(route.place);
});
document.addEventListener("visibilitychange", changed);
window.addEventListener("focus", changed);
window.addEventListener("hashchange", turn);
document.body.append(sidebar, veil, room, pane, away);
watch(draw);
start();
