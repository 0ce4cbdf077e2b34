// A file on a message: a card that opens what is in it.

import { complain, dialog } from "./ask.js";
import { h } from "./dom.js";
import { markdown } from "./markdown.js";

const KINDS = { "text/markdown": "Document", "text/csv": "Table", "application/json": "JSON", "application/pdf": "PDF" };

function size(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 102.4) / 10} kB`;
}

export function fileCard(file) {
  const kind = KINDS[file.mimetype] ?? (file.mimetype.startsWith("image/") ? "Picture" : "File");
  const words = h("span", {}, h("b", {}, file.title || file.name), h("small", {}, `${kind} · ${size(file.size)} · ${file.name}`));
  const sign = h("span", { class: "sign", "aria-hidden": "true" }, "📄");
  const readable = /^(text\/|application\/json)/.test(file.mimetype);
  if (!readable) {
    const link = { href: file.url, target: "_blank", rel: "noopener", download: file.name };
    if (file.mimetype.startsWith("image/")) return h("a", { class: "picture", ...link }, h("img", { src: file.url, alt: file.title || file.name, loading: "lazy" }));
    return h("a", { class: "file", ...link }, sign, words);
  }
  const open = h("span", { class: "open" }, "Open");
  return h("button", { type: "button", class: "file", on: { click: () => read(file) } }, sign, words, open);
}

async function read(file) {
  const answer = await fetch(file.url).catch(() => null);
  if (!answer?.ok) return complain("The file cannot be read.");
  const text = await answer.text();
  const shown = file.mimetype === "text/markdown" ? h("div", { class: "document" }, markdown(text)) : h("pre", {}, text);
  const keep = h("a", { class: "button", href: file.url, download: file.name }, "Download");
  return dialog(file.title || file.name, () => [h("div", { class: "inside", tabindex: "0", autofocus: true }, shown), h("footer", {}, keep)], { wide: true });
}
