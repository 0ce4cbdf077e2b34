// Files that people share: chosen, or pasted into the line.

import { complain } from "./ask.js";
import { button, h } from "./dom.js";
import { act } from "./store.js";

/** spot: {channel, thread (ts or null)}. */
export function clip(spot) {
  const input = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files" });
  input.addEventListener("change", async () => {
    await shareAll(spot, input.files);
    input.value = "";
  });
  return [input, button("📎", () => input.click(), { class: "quiet", label: "Attach a file" })];
}

export async function shareAll(spot, files) {
  const place = spot.thread ? { channel: spot.channel, thread_ts: spot.thread } : { channel: spot.channel };
  for (const file of files) {
    const answer = await act("share", { ...place, name: file.name, content: await encoded(file) });
    if (!answer.ok) complain(answer.error);
  }
}

/** The bytes in base64, without the head of the data address. */
function encoded(file) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.readAsDataURL(file);
  });
}
