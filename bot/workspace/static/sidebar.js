// Who one is, and where one can go.

import { asked, complain } from "./ask.js";
import { button, fill, h, Kept } from "./dom.js";
import { openFaults } from "./faults.js";
import { avatar } from "./message.js";
import { unread } from "./reading.js";
import { act, channelName, personName, store, until } from "./store.js";

const persons = new Kept();
const channels = new Kept();
const others = new Kept();
const directs = new Kept();
const apps = new Kept();
let place = "";
const who = h("nav", { class: "who", "aria-label": "You are" });
const pause = h("div", { class: "pause" });
const pauses = new Kept();
const lists = { channels: h("ul"), others: h("ul"), directs: h("ul"), apps: h("ul") };
const title = h("h1");
const FEW = 8; // people without a conversation who are shown before "More people"
const crowd = new Kept();
const rest = h("details", { class: "others" }, h("summary", {}, "More people"), h("ul"));
const more = h("details", { class: "others" }, h("summary", {}, "More channels"), lists.others);
const plus = button("+", create, { class: "quiet", label: "Make a channel" });

export const sidebar = h(
  ...["aside", { class: "sidebar", id: "sidebar", "aria-label": "Channels and people" }],
  ...[title, h("p", { class: "who-title" }, "You are"), who, pause],
  h("nav", { class: "places", "aria-label": "Places" }, part("Apps", lists.apps), part("Channels", lists.channels, plus), more, part("Direct messages", lists.directs), rest),
  h("footer", {}, button("🌩 Faults", openFaults, { class: "quiet wide", title: "Make the workspace fail, to see what the app does" })),
);

function part(name, list, extra = null) {
  return h("section", {}, h("h2", {}, name, extra), list);
}

async function create() {
  const name = await asked("Make a channel", "Name", "Make it");
  if (!name) return;
  const answer = await act("create", { name: name.replace(/^#/, "") });
  if (answer.ok) await goTo(answer.channel);
  else complain(answer.error);
}

/** route: {place, thread}. playable: the people one can be. */
export function drawSidebar(route, playable) {
  fill(title, store.team.name === "local" ? "Local workspace" : store.team.name);
  const inputs = (each) => [store.me, route.place, each.real_name, asleep(each.id)];
  persons.draw(who, playable.map((each) => [each.id, inputs(each), () => personLink(each, route)]));
  pauses.draw(pause, [["pause", [store.me, asleep(store.me)], pauseButton]]);
  const all = [...store.channels.values()].filter((each) => each.kind !== "dm").sort((a, b) => a.name.localeCompare(b.name));
  const open = all.filter((each) => each.member && !each.archived);
  const away = all.filter((each) => !each.member || each.archived);
  channels.draw(lists.channels, open.map((each) => row(each, route)));
  others.draw(lists.others, away.map((each) => row(each, route)));
  more.hidden = !away.length;
  if (place !== route.place && away.some((each) => each.id === route.place)) more.open = true;
  place = route.place;
  const [app, people] = dms();
  apps.draw(lists.apps, app.map((each) => row(each, route)));
  const known = people.filter((each) => each.id);
  const strangers = people.filter((each) => !each.id);
  const shown = [...known, ...strangers.slice(0, Math.max(0, FEW - known.length))];
  directs.draw(lists.directs, people.filter((each) => shown.includes(each)).map((each) => row(each, route)));
  const hidden = people.filter((each) => !shown.includes(each));
  rest.hidden = !hidden.length;
  crowd.draw(rest.lastChild, hidden.map((each) => row(each, route)));
}

/** The DM with each person; where there is none yet, opening it makes one. */
function dms() {
  const known = new Map([...store.channels.values()].filter((each) => each.kind === "dm").map((each) => [each.with, each]));
  const shown = [...store.people.values()].filter((each) => each.id !== "USLACKBOT" || known.has(each.id));
  const row = (each) => known.get(each.id) ?? { id: "", kind: "dm", with: each.id };
  const people = shown.filter((each) => each.id !== store.me && each.id !== store.app.user && (!each.deleted || known.has(each.id)));
  return [shown.filter((each) => each.id === store.app.user).map(row), people.map(row)];
}

const asleep = (id) => Boolean(store.people.get(id)?.dnd);

/** Do-not-disturb: the app may ask for it before it calls somebody. */
function pauseButton() {
  const on = asleep(store.me);
  const more = { class: "quiet wide", title: "Do not disturb: Slack would show you nothing", "aria-pressed": String(on) };
  return button(on ? "🌙 Notifications are paused" : "🔔 Pause notifications", () => act("dnd", { on: !on }), more);
}

function personLink(person, route) {
  const mine = person.id === store.me;
  const paused = asleep(person.id);
  const title = `${person.real_name}, ${person.tz}${paused ? ", in do-not-disturb" : ""}`;
  const link = { href: `#/${person.id}/${route.place}`, "aria-current": mine ? "true" : null, title };
  return h("a", link, avatar(person.id), h("span", {}, person.real_name.split(" ")[0] || person.name, paused ? " 🌙" : ""));
}

function row(channel, route) {
  const active = channel.id && (route.place === channel.id || (route.place === "home" && channel.with === store.app.user));
  const fresh = channel.id && channel.member && !active ? unread(channel) : { any: false, count: 0 };
  const key = channel.id || channel.with;
  const inputs = [channelName(channel), channel.archived, channel.kind, active, fresh.any, fresh.count, store.me, store.names];
  return [key, inputs, () => h("li", {}, entry(channel, active, fresh))];
}

function entry(channel, active, fresh) {
  const name = channelName(channel);
  const sign = channel.kind === "dm" ? avatar(channel.with, "small") : h("span", { class: "sign" }, channel.kind === "private" ? "🔒" : "#");
  const count = fresh.count ? h("span", { class: "count", "aria-label": `${fresh.count} for you` }, String(fresh.count)) : null;
  const badge = channel.with === store.app.user ? h("span", { class: "badge" }, "APP") : null;
  const inside = [sign, h("span", { class: "name" }, name, channel.archived ? " (archived)" : ""), badge, count];
  const look = { class: fresh.any ? "fresh" : null, "aria-current": active ? "page" : null, title: name };
  if (channel.id) return h("a", { ...look, href: `#/${store.me}/${channel.id}` }, inside);
  return h("button", { type: "button", ...look, on: { click: () => openDm(channel.with) } }, inside);
}

async function goTo(channel) {
  await until(() => store.channels.has(channel));
  location.hash = `#/${store.me}/${channel}`;
}

export async function openDm(user) {
  const answer = await act("open", { user });
  if (answer.ok) await goTo(answer.channel);
  else complain(`${personName(user)}: ${answer.error}`);
}
