// The names of emoji that a channel of an incident uses. A name that is not here stays as it was typed.

const NAMES =
  "pushpin 📌 round_pushpin 📍 triangular_flag_on_post 🚩 white_check_mark ✅ heavy_check_mark ✔️ x ❌ eyes 👀 +1 👍 -1 👎 " +
  "thumbsup 👍 thumbsdown 👎 pray 🙏 clap 👏 raised_hands 🙌 wave 👋 ok_hand 👌 muscle 💪 hand ✋ raising_hand 🙋 point_up ☝️ " +
  "tada 🎉 heart ❤️ fire 🔥 rocket 🚀 boom 💥 zap ⚡ star ⭐ sparkles ✨ 100 💯 bulb 💡 bug 🐛 wrench 🔧 hammer 🔨 gear ⚙️ " +
  "rotating_light 🚨 warning ⚠️ no_entry ⛔ no_entry_sign 🚫 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 lock 🔒 unlock 🔓 key 🔑 " +
  "shield 🛡️ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 " +
  "white_circle ⚪ black_circle ⚫ hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ clock3 🕒 calendar 📅 " +
  "memo 📝 pencil ✏️ clipboard 📋 page_facing_up 📄 books 📚 bar_chart 📊 chart_with_upwards_trend 📈 " +
  "chart_with_downwards_trend 📉 mag 🔍 link 🔗 paperclip 📎 computer 💻 telephone_receiver 📞 phone ☎️ iphone 📱 email ✉️ " +
  "inbox_tray 📥 robot_face 🤖 construction 🚧 ambulance 🚑 fire_engine 🚒 dart 🎯 checkered_flag 🏁 question ❓ exclamation ❗ " +
  "bangbang ‼️ information_source ℹ️ arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ repeat 🔁 " +
  "arrows_counterclockwise 🔄 rewind ⏪ pause_button ⏸️ black_square_for_stop ⏹️ smile 😄 slightly_smiling_face 🙂 grinning 😀 " +
  "joy 😂 sweat_smile 😅 thinking_face 🤔 cry 😢 sob 😭 scream 😱 tired_face 😫 sleeping 😴 sunglasses 😎 wink 😉 facepalm 🤦 " +
  "shrug 🤷 coffee ☕ pizza 🍕 sunny ☀️ moon 🌔";

const pairs = NAMES.split(" ");
export const EMOJI = new Map();
for (let i = 0; i < pairs.length; i += 2) EMOJI.set(pairs[i], pairs[i + 1]);

/** What the picker offers, the first at hand beside every message. */
export const QUICK = ["pushpin", "white_check_mark", "eyes"];
export const PICKER = [
  ...["pushpin", "triangular_flag_on_post", "white_check_mark", "eyes", "+1", "-1", "pray", "clap", "raised_hands", "tada"],
  ...["fire", "rocket", "bulb", "warning", "question", "x", "thinking_face", "sweat_smile", "coffee", "heart"],
];

export function glyph(name) {
  return EMOJI.get(name.split("::")[0]) ?? `:${name}:`;
}

/** `:pushpin:` → 📌, in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI.get(name) ?? whole);
}
