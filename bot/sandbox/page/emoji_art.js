// Own drawings of the emoji the bot uses, for machines that have no emoji font (containers, bare Linux desktops).
// Each drawing is a list of [colour, path, line width] on a 20 by 20 grid; with a width the path is a stroke.

const RED = "#d6453d",
  ORANGE = "#e8853a",
  YELLOW = "#e9b92f",
  GREEN = "#3d9a5b",
  BLUE = "#3c7fc4",
  PURPLE = "#8a5fc0";
const INK = "#46505a",
  GREY = "#9aa5ae",
  PAPER = "#f4f1e6",
  WHITE = "#ffffff",
  SKIN = "#f0c244";

const disc = (colour, r = 8, x = 10, y = 10) => [
  colour,
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
];
const block = (colour) => [colour, "M3 2h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1z"];
const line = (colour, path, width = 1.6) => [colour, path, width];
const arrow = (path) => [block("#5b8fc0"), line(WHITE, path, 2)];
const ring = (colour) => [disc(colour), disc(WHITE, 6.2)];
const page = () => [[PAPER, "M4 2h12v16H4z"], line(GREY, "M4 2h12v16H4z", 1)];
const rows = () => line(INK, "M6.5 6h7M6.5 9h7M6.5 12h5", 1.2);
const tray = () => [line(GREY, "M2.5 11v6.5h15V11M2.5 13.5h4l1.5 2h4l1.5-2h4", 2)];
const face = () => [disc(SKIN), disc(INK, 1, 7.2, 8.5), disc(INK, 1, 12.8, 8.5)];
const mark = (colour) => [
  line(colour, "M6.5 7a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1-1.5 2.3", 2.4),
  disc(colour, 1.4, 10, 16),
];
const bang = (colour) => [line(colour, "M10 3.5v8.5", 3), disc(colour, 1.7, 10, 16)];

const CIRCLES = {
  red_circle: RED,
  large_orange_circle: ORANGE,
  large_yellow_circle: YELLOW,
  large_green_circle: GREEN,
  large_blue_circle: BLUE,
  large_purple_circle: PURPLE,
  large_brown_circle: "#8a5a3c",
  black_circle: "#2c3338",
};
const SQUARES = {
  large_red_square: RED,
  large_orange_square: ORANGE,
  large_yellow_square: YELLOW,
  large_green_square: GREEN,
  large_blue_square: BLUE,
  white_large_square: "#dfe4e8",
  black_large_square: "#2c3338",
};

const ART = {
  white_circle: ring(GREY),
  memo: [...page(), rows(), line(ORANGE, "M18 8 11 16.5", 2.2)],
  page_facing_up: [...page(), rows()],
  clipboard: [
    ["#a8713f", "M3 3h14v16H3z"],
    [PAPER, "M5 5h10v12H5z"],
    [GREY, "M7 1.5h6v4H7z"],
    line(INK, "M7 9h6M7 12h6", 1.2),
  ],
  rotating_light: [
    [RED, "M5 14V9a5 5 0 0 1 10 0v5z"],
    [INK, "M3 14h14v4H3z"],
    line(ORANGE, "M10 1v1.5M3 4l1 1M17 4l-1 1"),
    [WHITE, "M7.5 9h1.5v4H7.5z"],
  ],
  white_check_mark: [block(GREEN), line(WHITE, "M5.5 10.5 9 14l6-7.5", 2.4)],
  heavy_check_mark: [line(GREEN, "M3.5 10.5 8 15l8.5-10", 3)],
  ballot_box_with_check: [block("#5b8fc0"), line(WHITE, "M5.5 10.5 9 14l6-7.5", 2.4)],
  x: [line(RED, "M4.5 4.5l11 11M15.5 4.5l-11 11", 3)],
  question: mark(RED),
  grey_question: mark(GREY),
  exclamation: bang(RED),
  grey_exclamation: bang(GREY),
  wrench: [line("#7b8894", "M4 16.5 11.5 9", 3.4), line("#7b8894", "M16.8 5.5A3.7 3.7 0 1 1 13 2.8", 2.6)],
  hammer_and_wrench: [
    line("#7b8894", "M4 4l12 12.5", 2.8),
    line("#a8713f", "M16 5 4.5 16.5", 2.8),
    line(INK, "M12.5 2.5l5 5", 3.2),
  ],
  mag: [line("#7b8894", "M17 17l-5-5", 3), disc("#5b8fc0", 5.5, 8, 8), disc("#d9ebf7", 3.8, 8, 8)],
  test_tube: [
    line(GREY, "M13.5 3 6 14.5a2 2 0 0 0 3.5 2L17 5", 1.4),
    [GREEN, "M9.3 10h5L9.5 16.5a2 2 0 0 1-3.5-2z"],
    line(GREY, "M12.5 2l5.5 3.5", 2),
  ],
  thinking_face: [
    ...face(),
    line(INK, "M7 13.5c2-1.2 4-1.2 5.5-.5M5.5 6.5l3-1M12 5l2.5 .5", 1.2),
    line(ORANGE, "M6 18c0-3 3-2 5-3", 2.6),
  ],
  pushpin: [line(GREY, "M4 16.5l4.5-5", 1.4), [RED, "M11 2.5l6.5 6-2 .8-2.5 3 .2 2.7-1.2 1-7-7 1.2-1 2.7.2 2.5-3z"]],
  chart_with_upwards_trend: [
    [PAPER, "M2 2h16v16H2z"],
    line(GREY, "M2 2h16v16H2zM2 10h16M10 2v16", 0.8),
    line(RED, "M3.5 15l4-4 3 2 6-8", 2),
  ],
  chart_with_downwards_trend: [
    [PAPER, "M2 2h16v16H2z"],
    line(GREY, "M2 2h16v16H2zM2 10h16M10 2v16", 0.8),
    line(BLUE, "M3.5 5l4 4 3-2 6 8", 2),
  ],
  bar_chart: [
    [PAPER, "M2 2h16v16H2z"],
    line(GREEN, "M5.5 17V9", 3),
    line(RED, "M10 17V5", 3),
    line(BLUE, "M14.5 17v-5", 3),
  ],
  hourglass: [
    [YELLOW, "M6 3h8c0 4-2.5 5-2.5 7s2.5 3 2.5 7H6c0-4 2.5-5 2.5-7S6 7 6 3z"],
    line("#a8713f", "M5 2.5h10M5 17.5h10", 2),
  ],
  eyes: [
    [WHITE, "M2 10c0-8 7-8 7 0s-7 8-7 0zM11 10c0-8 7-8 7 0s-7 8-7 0z"],
    line(GREY, "M2 10c0-8 7-8 7 0s-7 8-7 0zM11 10c0-8 7-8 7 0s-7 8-7 0z", 1),
    disc(INK, 2, 4.8, 10),
    disc(INK, 2, 13.8, 10),
  ],
  warning: [[YELLOW, "M10 1.5 19 18H1z"], line(INK, "M10 7v5", 2), disc(INK, 1.2, 10, 15)],
  fire: [
    [ORANGE, "M10 1c1 4 6 6 6 11a6 6 0 0 1-12 0c0-3 2-4 2.5-6 1 .5 1.5 1.5 1.7 2.5C9.5 7 10.5 4 10 1z"],
    [YELLOW, "M10 10c.5 2 2.5 3 2.5 5a2.5 2.5 0 0 1-5 0c0-2 2-3 2.5-5z"],
  ],
  lock: [line(GREY, "M6.5 9V6.5a3.5 3.5 0 0 1 7 0V9", 2), [YELLOW, "M4 9h12v9H4z"], disc(INK, 1.4, 10, 13)],
  unlock: [line(GREY, "M6.5 9V5.5a3.5 3.5 0 0 1 7-.5", 2), [YELLOW, "M4 9h12v9H4z"], disc(INK, 1.4, 10, 13)],
  rewind: [block("#5b8fc0"), [WHITE, "M10 6v8l-5.5-4zM15.5 6v8L10 10z"]],
  outbox_tray: [...tray(), line(BLUE, "M10 11V3M6.5 6 10 2.5 13.5 6", 2)],
  inbox_tray: [...tray(), line(BLUE, "M10 2v8M6.5 7 10 10.5 13.5 7", 2)],
  arrow_right: arrow("M5 10h9M10.5 6l4 4-4 4"),
  arrow_left: arrow("M15 10H6M9.5 6l-4 4 4 4"),
  arrow_up: arrow("M10 15V6M6 9.5l4-4 4 4"),
  arrow_down: arrow("M10 5v9M6 10.5l4 4 4-4"),
  arrow_upper_right: arrow("M6 14l7-7M8 6.5h5.5V12"),
  arrow_lower_right: arrow("M6 6l7 7M8 13.5h5.5V8"),
  leftwards_arrow_with_hook: arrow("M6 8h6a3 3 0 0 1 0 6H9M8.5 5 5.5 8l3 3"),
  arrows_counterclockwise: arrow("M5.5 10a4.5 4.5 0 0 1 8-2.8M14.5 10a4.5 4.5 0 0 1-8 2.8M13.8 4.5v3h-3M6.2 15.5v-3h3"),
  tada: [
    [YELLOW, "M2 18 6.5 6.5l7 7z"],
    line(RED, "M12 8c0-3 2-4 3-6", 1.5),
    line(BLUE, "M13 10c2-1 4 0 5-1", 1.5),
    disc(GREEN, 1.2, 9, 3.5),
    disc(PURPLE, 1.2, 17, 13.5),
  ],
  no_entry: [disc(RED), [WHITE, "M5 8.5h10v3H5z"]],
  no_entry_sign: [...ring(RED), line(RED, "M5 5l10 10", 2)],
  octagonal_sign: [[RED, "M7 2h6l5 5v6l-5 5H7l-5-5V7z"]],
  bust_in_silhouette: [disc(INK, 3.6, 10, 6.4), [INK, "M3 18c0-4.5 3-7 7-7s7 2.5 7 7z"]],
  bell: [[YELLOW, "M10 2c4 0 5 3 5 6 0 4 2 5 2 6.5H3C3 13 5 12 5 8c0-3 1-6 5-6z"], disc("#b8862a", 1.8, 10, 16.5)],
  no_bell: [[YELLOW, "M10 2c4 0 5 3 5 6 0 4 2 5 2 6.5H3C3 13 5 12 5 8c0-3 1-6 5-6z"], line(RED, "M3 3l14 14", 2)],
  zzz: [line(BLUE, "M3 9h6l-6 7h6M11 3h6l-6 6.5h6", 2)],
  "+1": [
    [
      SKIN,
      "M2 9h4v9H2zM7 9l3-7c2 0 2.5 1.5 2 3l-.7 3H17c1.5 0 1.5 2 .8 2.5.7.7.5 2-.5 2.3.5.8.2 2-.8 2.2.3 1.5-.5 3-2 3H9l-2-1z",
    ],
  ],
  "-1": [
    [
      SKIN,
      "M2 2h4v9H2zM7 11l3 7c2 0 2.5-1.5 2-3l-.7-3H17c1.5 0 1.5-2 .8-2.5.7-.7.5-2-.5-2.3.5-.8.2-2-.8-2.2.3-1.5-.5-3-2-3H9L7 3z",
    ],
  ],
  heart: [[RED, "M10 17.5C2 12 1.5 8 2.5 5.5 4 2.5 8.5 2.5 10 6c1.5-3.5 6-3.5 7.5-.5 1 2.5.5 6.5-7.5 12z"]],
  wave: [[SKIN, "M5 8l2-5 3 6 1-6.5 2.5.5-.5 6L15 5l2 1-1.5 7c-.5 3-2 5-5 5-4 0-6-3-8.5-6l1.5-1.5z"]],
  hand: [[SKIN, "M4.5 9l2 1V3.5h2V8.5L9 2h2l.3 6.5.7-5.5h2v6.5l1-3.5 1.8.3V13c0 3.5-2 5.5-5.3 5.5-4 0-5-3-7-8z"]],
  handshake: [line(SKIN, "M1.5 8h4l4.5 5M18.5 8h-4l-6 3", 3.6), line("#c8962a", "M10 13l3-3", 2)],
  pray: [[SKIN, "M9.6 2 5 12l2 6h2.6zM10.4 2 15 12l-2 6h-2.6z"]],
  raised_hands: [
    [SKIN, "M2 4h6v6a3 3 0 0 1-6 0zM12 4h6v6a3 3 0 0 1-6 0z"],
    line(ORANGE, "M10 1v2M5 1.5v1M15 1.5v1", 1.4),
  ],
  rocket: [
    [GREY, "M17.5 2.5c-5 0-9 3-11 8l3 3c5-2 8-6 8-11z"],
    [RED, "M6.5 10.5l-4 .5 3-4zM9.5 13.5l-.5 4 4-3z"],
    disc(BLUE, 1.6, 12.5, 7.5),
    line(ORANGE, "M3 17l3-3", 2),
  ],
  bulb: [
    [YELLOW, "M10 1.5a6 6 0 0 1 3.5 11V15h-7v-2.5A6 6 0 0 1 10 1.5z"],
    [GREY, "M7 15.5h6V17l-2 1.5H9L7 17z"],
  ],
  speech_balloon: [[PAPER, "M2 3h16v11H9l-4 4v-4H2z"], line(GREY, "M2 3h16v11H9l-4 4v-4H2z", 1.2)],
  calendar: [
    [PAPER, "M3 4h14v14H3z"],
    [RED, "M3 3h14v4H3z"],
    line(GREY, "M3 4h14v14H3z", 1),
    line(INK, "M6 10.5h8M6 14h8", 1.4),
  ],
  alarm_clock: [...ring(RED), line(INK, "M10 6v4l3 2", 1.5), line(RED, "M2 4l3-2M18 4l-3-2", 2)],
  stopwatch: [...ring(INK), line(INK, "M10 6v4.5M8 1h4", 1.5)],
  link: [
    line(
      "#7b8894",
      "M8.5 11.5a3 3 0 0 0 4 0l3-3a3 3 0 0 0-4-4l-1 1M11.5 8.5a3 3 0 0 0-4 0l-3 3a3 3 0 0 0 4 4l1-1",
      1.9,
    ),
  ],
  star: [[YELLOW, "M10 1.5l2.6 5.6 6 .7-4.5 4.1 1.3 6L10 14.8 4.6 18l1.3-6L1.4 7.8l6-.7z"]],
  zap: [[YELLOW, "M12 1 4 11.5h5L7.5 19 16 8h-5z"]],
  stethoscope: [line(INK, "M5 2v5a3.5 3.5 0 0 0 7 0V2M8.5 10.5V13a4 4 0 0 0 8 0v-1.5", 1.7), disc(GREY, 2, 16.5, 10)],
  pill: [line(RED, "M6.5 13.5l3.5-3.5", 6), line("#dfe4e8", "M10 10l3.5-3.5", 6)],
  hospital: [["#dfe4e8", "M3 4h14v14H3z"], line(RED, "M10 5.5v7M6.5 9h7", 2.4), [BLUE, "M8 14.5h4V18H8z"]],
  ambulance: [
    ["#dfe4e8", "M1 5h11v10H1zM12 8h4l3 4v3h-7z"],
    line(RED, "M6.5 7v5M4 9.5h5", 1.8),
    disc(INK, 2, 5, 15.5),
    disc(INK, 2, 15, 15.5),
  ],
  checkered_flag: [
    line(INK, "M4 2v17", 1.6),
    [PAPER, "M5 3h13v9H5z"],
    [
      INK,
      "M5 3h3.250v3H5zM11.5 3h3.250v3H11.5zM8.250 6h3.250v3H8.250zM14.750 6H18v3h-3.250zM5 9h3.250v3H5zM11.5 9h3.250v3H11.5z",
    ],
  ],
  smile: [...face(), line(INK, "M6 12a4.2 4.2 0 0 0 8 0", 1.5)],
  slightly_smiling_face: [...face(), line(INK, "M7 12.5a4 4 0 0 0 6 0", 1.3)],
  information_source: [block("#5b8fc0"), line(WHITE, "M10 9v6", 2.2), disc(WHITE, 1.3, 10, 5.8)],
  robot_face: [
    ["#9fb3c2", "M3 6h14v11H3z"],
    line(INK, "M10 6V2.5M7 14h6", 1.5),
    disc(RED, 1.3, 10, 2),
    disc(BLUE, 1.6, 7, 10),
    disc(BLUE, 1.6, 13, 10),
  ],
  bug: [
    [GREEN, "M10 4c3 0 5 3 5 7s-2 7-5 7-5-3-5-7 2-7 5-7z"],
    line(INK, "M10 5v12M2 8l3 1.5M2 13h3M18 8l-3 1.5M18 13h-3M7 2l1.5 2M13 2l-1.5 2", 1.2),
  ],
  dart: [disc(RED), disc(WHITE, 5.5), disc(RED, 3), line(INK, "M10 10l7-7", 1.3)],
  shield: [[BLUE, "M10 1.5l7 2.5v5c0 5-3 8-7 9.5C6 17 3 14 3 9V4z"]],
  triangular_flag_on_post: [line(INK, "M5 2v17", 1.6), [RED, "M6 2.5l11 4.5-11 4.5z"]],
  construction: [[YELLOW, "M1.5 5h17v6h-17z"], line(INK, "M4 11l4-6M10 11l4-6M4.5 11v7M15.5 11v7", 2)],
  loudspeaker: [[BLUE, "M2 8h4l9-5v14l-9-5H2z"], line(GREY, "M17 7v6M6 12l1.5 5", 1.8)],
  label: [["#d8b46a", "M2 4h9l7 6-7 6H2z"], disc(WHITE, 1.5, 13, 10)],
  key: [line(YELLOW, "M10.5 9.5 3 17M5.5 14.5l2 2", 2.2), disc(YELLOW, 4, 13, 7), disc(WHITE, 1.5, 14, 6)],
  brain: [
    [
      "#e39aa6",
      "M9.5 3C6 1 3 4 4 6.5 1.5 8 1.5 12 4 13c0 3 3 5 5.5 3.5zM10.5 3C14 1 17 4 16 6.5c2.5 1.5 2.5 5.5 0 6.5 0 3-3 5-5.5 3.5z",
    ],
  ],
};
for (const [name, colour] of Object.entries(CIRCLES)) ART[name] = [disc(colour)];
for (const [name, colour] of Object.entries(SQUARES)) ART[name] = [block(colour)];

const SAME = {
  thumbsup: "+1",
  thumbsdown: "-1",
  pencil: "memo",
  mag_right: "mag",
  hourglass_flowing_sand: "hourglass",
  raised_hand: "hand",
  date: "calendar",
  mega: "loudspeaker",
};

/** The drawing of an emoji as an SVG node, or null where we have none. */
export function drawing(name) {
  const shapes = ART[SAME[name] ?? name];
  if (!shapes) return null;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "emoji-art");
  for (const shape of shapes) svg.append(drawShape(shape));
  return svg;
}

function drawShape([colour, d, width]) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const paint = width
    ? { fill: "none", stroke: colour, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" }
    : { fill: colour };
  for (const [name, value] of Object.entries({ d, ...paint })) path.setAttribute(name, value);
  return path;
}
