// What could come next in the line that somebody types.

import { EMOJI } from "./emoji.js";
import { channelName, store } from "./store.js";

const MOST = 8;

/** {from, to, items: [{label, description, insert}], exact} for the word before the caret, or null. */
export function completions(text, caret, inThread) {
  const before = text.slice(0, caret);
  const found = command(before, inThread) ?? word(before);
  if (!found || !found.items.length) return null;
  const typed = before.slice(found.from).toLowerCase();
  const exact = found.items.some((item) => item.insert.trim().toLowerCase() === typed);
  return { ...found, to: caret, exact };
}

function command(before, inThread) {
  if (before.startsWith("/") && !before.includes(" ")) {
    const typed = before.toLowerCase();
    const known = inThread ? [] : store.commands.filter((each) => each.command.startsWith(typed));
    return { from: 0, items: known.map((each) => ({ label: each.command, description: `${each.usage_hint}  ${each.description}`.trim(), insert: `${each.command} ` })) };
  }
  const start = addressed(before);
  if (start === null || before.slice(start).includes(" ")) return null;
  const typed = before.slice(start).toLowerCase();
  const hints = hintsOf(before).filter((hint) => hint.text.startsWith(typed));
  return { from: start, items: hints.map((hint) => ({ label: hint.text.trim(), description: rest(hint), insert: hint.text })) };
}

function rest(hint) {
  const verb = hint.text.trim();
  return hint.description.startsWith(`${verb} `) ? hint.description.slice(verb.length + 1) : hint.description === verb ? "" : hint.description;
}

/** Where the verb begins after `/tocsin ` or `@tocsin `; null if the line is no command. */
function addressed(text) {
  const name = store.people.get(store.app.user)?.name ?? "";
  const starts = [...store.commands.map((each) => `${each.command} `), `@${name} `];
  const start = starts.find((each) => text.toLowerCase().startsWith(each.toLowerCase()));
  return start ? start.length : null;
}

function hintsOf(text) {
  const own = store.commands.find((each) => text.startsWith(`${each.command} `));
  return (own ?? store.commands[0])?.hints ?? [];
}

/** How the verb in this line is used, "" if there is none. */
export function usage(text) {
  const start = addressed(text);
  if (start === null) return "";
  const verb = /^\S+/.exec(text.slice(start))?.[0].toLowerCase();
  const hint = hintsOf(text).find((each) => each.text.trim() === verb);
  return hint ? `${text.slice(0, start)}${hint.description}` : "";
}

function word(before) {
  const found = /(^|[\s(])([@#:])([\w.+-]*)$/.exec(before);
  if (!found) return null;
  const [, , sign, typed] = found;
  const from = before.length - typed.length - 1;
  return { from, items: LISTS[sign](typed.toLowerCase()).slice(0, MOST) };
}

const LISTS = {
  "@": (typed) =>
    [...store.people.values()]
      .filter((each) => !each.deleted && each.id !== "USLACKBOT")
      .filter((each) => each.name.startsWith(typed) || each.real_name.toLowerCase().split(" ").some((part) => part.startsWith(typed)))
      .map((each) => ({ label: each.real_name, description: `@${each.name}`, insert: `@${each.name} ` })),
  "#": (typed) =>
    [...store.channels.values()]
      .filter((each) => each.kind !== "dm" && !each.archived && each.name.includes(typed))
      .map((each) => ({ label: `#${channelName(each)}`, description: each.topic, insert: `#${each.name} ` })),
  ":": (typed) =>
    typed.length < 2
      ? []
      : [...EMOJI].filter(([name]) => name.startsWith(typed)).map(([name, sign]) => ({ label: `${sign} :${name}:`, insert: `${sign} ` })),
};
