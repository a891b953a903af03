import { createCanvas, GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";
import { at } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import type { Card } from "../../core/index.ts";

/** What networks show beside a link, in pixels. */
export const [CARD_WIDTH, CARD_HEIGHT] = [1200, 630];
const EDGE = 72;
const INNER = CARD_WIDTH - 2 * EDGE;

// The light scheme of the web app: a picture has no theme.
const [PAPER, INK, INK_2, RULE, ACCENT, GOLD] = [
  "#f1f4f3",
  "#10201d",
  "#415350",
  "#d3dcd9",
  "#0c5a4e",
  "#a87407",
];
const [SERIF, SANS] = ["Sooth Serif", "Sooth Sans"];

let fonts = false;
/** The fonts of the web app. What they lack (other scripts, emoji) comes from the machine's, where it has any. */
function loadFonts(): void {
  if (fonts) return;
  const named = [
    [import.meta.resolve("@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2"), SERIF],
    [
      import.meta.resolve("@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2"),
      SANS,
    ],
  ] as const;
  for (const [file, name] of named) GlobalFonts.register(readFileSync(new URL(file)), name);
  fonts = true;
}

/** The card as a PNG. About 50 ms of work, most of it on another thread. */
export async function drawCard(card: Card): Promise<Buffer> {
  loadFonts();
  const canvas = createCanvas(CARD_WIDTH, CARD_HEIGHT);
  const c = canvas.getContext("2d");
  c.fillStyle = PAPER;
  c.fillRect(0, 0, CARD_WIDTH, CARD_HEIGHT);
  drawHead(c, card.status);
  const below = drawTitle(c, card.title);
  if (card.figure) drawFigure(c, card.figure, below);
  drawParts(c, card.parts);
  if (card.note) text(c, card.note, EDGE, 556, { size: 21, color: INK_2, width: INNER });
  text(c, card.foot, EDGE, CARD_HEIGHT - 40, { size: 26, color: INK_2, width: INNER });
  return canvas.encode("png");
}

function drawHead(c: SKRSContext2D, status: string): void {
  const [x, y, radius] = [EDGE + 18, 70, 15];
  c.lineWidth = 7;
  // Four seats round a table, three of them a quorum.
  for (const quarter of [0, 1, 2, 3]) {
    c.strokeStyle = quarter === 2 ? GOLD : ACCENT;
    c.beginPath();
    c.arc(x, y, radius, (quarter * Math.PI) / 2 + 0.16, ((quarter + 1) * Math.PI) / 2 - 0.16);
    c.stroke();
  }
  text(c, "Sooth", x + 32, y + 12, { size: 38, face: SERIF, weight: 600 });
  c.textAlign = "right";
  text(c, status, CARD_WIDTH - EDGE, y + 10, { size: 26, weight: 600, color: ACCENT, width: INNER / 2 });
  c.textAlign = "left";
}

/** As large as four lines of it fit. Returns where the next thing may begin. */
function drawTitle(c: SKRSContext2D, title: string): number {
  for (const size of [64, 56, 48, 42]) {
    c.font = `500 ${size}px "${SERIF}"`;
    const lines = wrap(c, title, INNER);
    const last = size === 42;
    if (lines.length > (size > 50 ? 3 : 4) && !last) continue;
    const shown = lines.slice(0, 4);
    if (lines.length > shown.length) shown[3] = `${at(shown, 3).replace(/\s*\S*$/, "")} …`;
    shown.forEach((line, index) =>
      text(c, line, EDGE, 178 + index * size * 1.16, { size, face: SERIF, weight: 500, width: INNER }),
    );
    return 178 + shown.length * size * 1.16;
  }
  return 178;
}

function drawFigure(
  c: SKRSContext2D,
  { large, small }: { large: string; small: string },
  below: number,
): void {
  const y = Math.min(below + 62, 465);
  const wide = text(c, large, EDGE, y, { size: 76, weight: 700, color: ACCENT, width: INNER * 0.55 });
  text(c, small, EDGE + wide + 24, y, { size: 32, color: INK_2, width: INNER - wide - 24 });
}

function drawParts(c: SKRSContext2D, parts: Card["parts"]): void {
  const y = 510;
  c.fillStyle = RULE;
  c.fillRect(EDGE, y, INNER, 14);
  let x = EDGE;
  for (const { shareBps, color } of parts) {
    const width = (INNER * shareBps) / 10_000;
    c.fillStyle = color;
    c.fillRect(x, y, Math.max(0, width - 3), 14);
    x += width;
  }
}

type Style = { size: number; face?: string; weight?: number; color?: string; width?: number };
/** Writes one line, cut with an ellipsis where it is wider than `width`. Returns its width. */
function text(c: SKRSContext2D, words: string, x: number, y: number, style: Style): number {
  const { size, face = SANS, weight = 400, color = INK, width = INNER } = style;
  c.font = `${weight} ${size}px "${face}"`;
  c.fillStyle = color;
  let shown = words;
  const letters = lettersOf(words);
  while (letters.length > 1 && c.measureText(shown).width > width) {
    letters.pop();
    shown = `${letters.join("").trimEnd()}…`;
  }
  c.fillText(shown, x, y);
  return c.measureText(shown).width;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
/** As people see them: a sign of several parts is one. */
const lettersOf = (words: string): string[] => Array.from(graphemes.segment(words), ({ segment }) => segment);

/** Lines no wider than `width`; a word that is wider is broken. */
function wrap(c: SKRSContext2D, words: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  const fits = (candidate: string) => c.measureText(candidate).width <= width;
  for (const word of words.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const letter of lettersOf(word)) {
      if (!fits(line + letter)) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  return line === "" ? lines : [...lines, line];
}
