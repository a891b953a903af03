import { GlobalFonts } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { type Card, MEASURED_SHORT } from "../../core/index.ts";
import { CARD_HEIGHT, CARD_WIDTH, drawCard } from "./draw-card.ts";

const card: Card = {
  title: "Will it rain in Lisbon on Sunday?",
  status: "Open for stakes",
  figure: { large: "75 %", small: "of the stakes say No" },
  note: null,
  parts: [
    { label: "No", shareBps: 7_500, color: "#b5532f" },
    { label: "Yes", shareBps: 2_500, color: "#0c6b5c" },
  ],
  foot: "3 people, 4.00 SUSD staked",
};
/** Width and height as a PNG's header tells them. */
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

test("is a PNG of the size that networks show, in the app's own fonts", async () => {
  const png = await drawCard(card);
  expect(png.subarray(0, 8)).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
  expect(sizeOf(png)).toEqual([CARD_WIDTH, CARD_HEIGHT]);
  expect([GlobalFonts.has("Sooth Serif"), GlobalFonts.has("Sooth Sans")]).toEqual([true, true]);
});

test("the same card is the same picture, another one is another", async () => {
  const [first, same, other] = await Promise.all([
    drawCard(card),
    drawCard(card),
    drawCard({ ...card, title: "Will it snow?" }),
  ]);
  expect(first.equals(same)).toBe(true);
  expect(first.equals(other)).toBe(false);
});

test("what a score is worth stands on the picture", async () => {
  const [plain, noted] = await Promise.all([drawCard(card), drawCard({ ...card, note: MEASURED_SHORT })]);
  expect(plain.equals(noted)).toBe(false);
});

test.each([
  ["nothing", ""],
  ["one word without an end", "x".repeat(1_000)],
  ["many words", "whether ".repeat(120)],
  ["other scripts and signs", "هل ستمطر؟ 明天会下雨吗 🌧️🌧️"],
])("draws a title of %s", async (_, title) => {
  expect(sizeOf(await drawCard({ ...card, title, figure: null, parts: [] }))).toEqual([
    CARD_WIDTH,
    CARD_HEIGHT,
  ]);
});
