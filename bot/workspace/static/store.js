// What this person knows of the workspace, live; and what he does to it. The contract stands in bot/workspace/page.py.

export const store = {
  me: "",
  live: false,
  team: { id: "", name: "" },
  app: { id: "", name: "", user: "", home: false },
  people: new Map(),
  channels: new Map(),
  rooms: new Map(), // channel id → its messages, oldest first
  modals: [],
  home: null,
  commands: [],
  shortcuts: [],
  shift: 0, // the workspace's clock minus this machine's, in ms
  names: 0, // rises whenever a name of a person or a channel may have changed
};

const watchers = [];
let source = null;
let planned = false;
let waiting = [];

/** Call `draw` soon after every change, once for many. */
export function watch(draw) {
  watchers.push(draw);
}

export function changed() {
  if (planned) return;
  planned = true;
  setTimeout(() => {
    planned = false;
    for (const draw of watchers) draw();
    waiting = waiting.filter(({ holds, go }) => !holds() || go());
  }, 0);
}

/** Resolves when it holds: an answer may be here before what it speaks of has come by the stream. */
export function until(holds) {
  return holds() ? Promise.resolve() : new Promise((go) => waiting.push({ holds, go }));
}

/** The moment in the workspace, in ms. */
export function now() {
  return Date.now() + store.shift;
}

export async function playable() {
  const answer = await fetch("/page/people");
  const { people } = await answer.json();
  return people.filter((each) => !each.bot && !each.deleted);
}

/** Be this person from now on. `gone` is called if the workspace does not know him (any more). */
export function connect(me, gone) {
  source?.close();
  Object.assign(store, { me, live: false, channels: new Map(), rooms: new Map(), modals: [], home: null });
  source = new EventSource(`/page/stream?as=${encodeURIComponent(me)}`);
  for (const [name, apply] of Object.entries(EVENTS)) {
    source.addEventListener(name, (event) => {
      apply(JSON.parse(event.data));
      changed();
    });
  }
  source.onerror = () => {
    store.live = false;
    changed();
    if (source.readyState === EventSource.CLOSED) setTimeout(gone, 1000);
  };
}

const EVENTS = {
  snapshot(data) {
    const { me, team, app, modals, home, commands, shortcuts } = data;
    Object.assign(store, { me, team, app, modals, home, commands, shortcuts, live: true, shift: data.now * 1000 - Date.now() });
    store.people = byId(data.people);
    store.channels = byId(data.channels);
    store.rooms = new Map();
    data.messages.forEach(put); // they come oldest first
    store.names += 1;
  },
  message: put,
  channel(data) {
    const known = store.channels.get(data.id);
    if (data.deleted) {
      store.channels.delete(data.id);
      store.rooms.delete(data.id);
    } else {
      store.channels.set(data.id, data);
    }
    if (known?.name !== data.name) store.names += 1;
  },
  modal(data) {
    store.modals = data.modals;
  },
  home(data) {
    store.home = data.home;
  },
  people(data) {
    store.people = byId(data.people);
    store.names += 1;
  },
};

function byId(list) {
  return new Map(list.map((each) => [each.id, each]));
}

function put(message) {
  if (!store.rooms.has(message.channel)) store.rooms.set(message.channel, []);
  const room = store.rooms.get(message.channel);
  const at = place(room, message.ts);
  const known = room[at]?.ts === message.ts ? 1 : 0;
  room.splice(at, known, ...(message.deleted ? [] : [message]));
}

/** Where a message of this ts stands, or would stand; most come at the end. ts sort as text. */
function place(room, ts) {
  let [low, high] = [room.length && room.at(-1).ts < ts ? room.length : 0, room.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (room[middle].ts < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A channel's messages, oldest first. Not to be changed. */
export function messages(channel) {
  return store.rooms.get(channel) ?? [];
}

/** Do something as this person: {ok, error?, errors?, …}. Never throws. */
export async function act(what, more = {}) {
  try {
    const body = JSON.stringify({ as: store.me, what, ...more });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/page/do", { method: "POST", headers, body });
    return await answer.json();
  } catch {
    return { ok: false, error: "The workspace does not answer." };
  }
}

export function personName(id) {
  const person = store.people.get(id);
  return person ? person.real_name || person.name : id;
}

export function channelName(channel) {
  if (channel.kind === "dm") return personName(channel.with);
  return channel.name;
}
