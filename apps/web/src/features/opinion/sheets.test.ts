import { expect, test } from "vitest";
import { placeOf, rejectionWords } from "./label-words.ts";
import { type Judged, labelsByOwner, positionsOf, voicesOf } from "./sheets.ts";

const label = {
  owner: "0xa",
  stance: 6_000,
  quality: 70,
  parts: { clarity: 10, insight: 20, reasoning: 25, originality: 15 },
  keep: true,
  reason: "",
};
const judged = (change: object = {}) =>
  ({
    signer: "0x1",
    counted: true,
    complaint: null,
    sheet: { analysts: [{ analyst: "offline", model: "m", labels: [{ ...label, ...change }] }] },
  }) as unknown as Judged;

test("the same label of two providers stands once, another beside it", () => {
  const found = labelsByOwner([judged(), judged(), judged({ stance: -200 })]).get("0xa") ?? [];
  expect(found.map(({ stance, providers }) => [stance, providers])).toEqual([
    [6_000, 2],
    [-200, 1],
  ]);
});

test("providers without a sheet say nothing", () => {
  expect(labelsByOwner([{ signer: "0x1", counted: true, sheet: null, complaint: "x" }]).size).toBe(0);
});

test("a rejection is told in words, and what an analyst wrote as it is", () => {
  expect(rejectionWords("too_short")).toBe("it is too short");
  expect(rejectionWords("It is about something else.")).toBe("It is about something else.");
});

const sheet = (root: string, owners: Record<string, string>) =>
  ({
    sheet: {
      root,
      score: 40,
      positions: Object.entries(owners).map(([owner, staked]) => ({ owner, staked })),
      analysts: [
        { analyst: "offline", model: "m", labels: Object.keys(owners).map((owner) => ({ ...label, owner })) },
      ],
    },
  }) as unknown as Judged;

test("providers whose labels are the same are one voice, others stand beside it", () => {
  const voices = voicesOf([
    sheet("r1", { a: "1" }),
    sheet("r2", { a: "1" }),
    sheet("r1", { a: "1" }),
    { sheet: null },
  ]);
  expect(voices.map(({ name, providers }) => [name, providers])).toEqual([
    ["offline (m)", 2],
    ["offline (m)", 1],
  ]);
  expect(voices[0]?.byOwner.get("a")?.quality).toBe(70);
});

test("opinions stand by stake, those that are named before the others", () => {
  const all = [sheet("r1", { a: "5", b: "100", c: "7" }), sheet("r2", { a: "5", d: "1" })];
  expect(positionsOf(all, new Set(["d"])).map(({ owner }) => owner)).toEqual(["d", "b", "c", "a"]);
});

test("a label stands on the scale of stances", () => {
  expect([-10_000, 0, 10_000].map((stance) => placeOf({ stance }))).toEqual([0, 50, 100]);
});
