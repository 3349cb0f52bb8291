// Short names of common emoji and their characters, as "name character" pairs; several names may share a character.

const TABLE = `
memo 📝 bust_in_silhouette 👤 busts_in_silhouette 👥 pencil 📝 clipboard 📋 rotating_light 🚨 white_check_mark ✅ question ❓ grey_question ❔ exclamation ❗
grey_exclamation ❕ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ mag 🔍 mag_right 🔎 test_tube 🧪 thinking_face 🤔 thinking 🤔
pushpin 📌 round_pushpin 📍 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊
ballot_box_with_check ☑️ hourglass ⌛ hourglass_flowing_sand ⏳ eyes 👀 warning ⚠️ fire 🔥 red_circle 🔴
large_orange_circle 🟠 orange_circle 🟠 large_yellow_circle 🟡 yellow_circle 🟡 large_green_circle 🟢 green_circle 🟢
large_blue_circle 🔵 blue_circle 🔵 large_purple_circle 🟣 large_brown_circle 🟤 white_circle ⚪ black_circle ⚫
large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦
white_large_square ⬜ black_large_square ⬛ lock 🔒 unlock 🔓 key 🔑 rewind ⏪ fast_forward ⏩ leftwards_arrow_with_hook ↩️
arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️ arrows_counterclockwise 🔄
repeat 🔁 tada 🎉 no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 bell 🔔 no_bell 🔕 zzz 💤 x ❌ heavy_check_mark ✔️
heavy_multiplication_x ✖️ heavy_plus_sign ➕ heavy_minus_sign ➖ thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 wave 👋 raised_hands 🙌
pray 🙏 clap 👏 muscle 💪 ok_hand 👌 point_right 👉 point_up ☝️ hand ✋ raised_hand ✋ handshake 🤝 writing_hand ✍️ heart ❤️
green_heart 💚 blue_heart 💙 broken_heart 💔 sparkles ✨ star ⭐ star2 🌟 zap ⚡ boom 💥 rocket 🚀 bulb 💡 100 💯 trophy 🏆
speech_balloon 💬 thought_balloon 💭 loudspeaker 📢 mega 📣 email 📧 envelope ✉️ inbox_tray 📥 outbox_tray 📤 package 📦
link 🔗 paperclip 📎 file_folder 📁 open_file_folder 📂 page_facing_up 📄 notebook 📓 books 📚 bookmark 🔖 label 🏷️
calendar 📅 date 📅 spiral_calendar_pad 🗓️ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ clock1 🕐 clock3 🕒 watch ⌚ gear ⚙️ computer 💻
desktop_computer 🖥️ floppy_disk 💾 electric_plug 🔌 battery 🔋 satellite_antenna 📡 telephone_receiver 📞 pager 📟 bug 🐛
robot_face 🤖 ghost 👻 skull 💀 hospital 🏥 ambulance 🚑 stethoscope 🩺 pill 💊 syringe 💉 thermometer 🌡️ microscope 🔬 dna 🧬
brain 🧠 health_worker 🧑‍⚕️ adhesive_bandage 🩹 smile 😄 smiley 😃 grinning 😀 slightly_smiling_face 🙂 joy 😂 wink 😉
sweat_smile 😅 neutral_face 😐 confused 😕 worried 😟 cry 😢 sob 😭 scream 😱 tired_face 😫 sleeping 😴 sunglasses 😎
nerd_face 🤓 face_with_monocle 🧐 shrug 🤷 facepalm 🤦 information_source ℹ️ recycle ♻️ checkered_flag 🏁
triangular_flag_on_post 🚩 construction 🚧 vertical_traffic_light 🚦 sunrise 🌅 sunny ☀️ crescent_moon 🌙 cloud ☁️ rainbow 🌈
coffee ☕ pizza 🍕 beers 🍻 cake 🍰 seedling 🌱 evergreen_tree 🌲 turtle 🐢 snail 🐌 herb 🌿 world_map 🗺️ earth_africa 🌍
house 🏠 shield 🛡️ balance_scale ⚖️ scales ⚖️ dart 🎯 game_die 🎲 jigsaw 🧩 card_index_dividers 🗂️ twisted_rightwards_arrows 🔀
small_red_triangle 🔺 small_red_triangle_down 🔻 small_blue_diamond 🔹 small_orange_diamond 🔸 one 1️⃣ two 2️⃣ three 3️⃣`;

/** Short name -> character. */
export const CHARACTERS = new Map();
/** Character (without variation selector) -> its first short name. */
export const NAMES = new Map();

const words = TABLE.trim().split(/\s+/);
for (let i = 0; i < words.length; i += 2) {
  CHARACTERS.set(words[i], words[i + 1]);
  const bare = words[i + 1].replaceAll("\uFE0F", "");
  if (!NAMES.has(bare)) NAMES.set(bare, words[i]);
}
