import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { analyse } from "../../packages/markets/src/core/analyst/analyse.ts";
import { decodeModel, encodeModel } from "../../packages/markets/src/core/analyst/model.ts";
import { randomFrom } from "./random.ts";
import { discussionsIn } from "./samples.ts";
import { SETTINGS, type Settings } from "./settings.ts";
import { trainAnalyst } from "./train.ts";

/* A FIXTURE OF OUR OWN: four statements, sixteen sentences each, vectors drawn at random */

const SUBJECTS = ["kites", "drums", "lamps", "boats"];
const GOOD = [
  "they make people happy",
  "they are safe and useful",
  "everybody gains from them",
  "they help the poor",
];
const BAD = [
  "they are dangerous and noisy",
  "they cost too much money",
  "they hurt small children",
  "nobody needs them",
];
const discussions = SUBJECTS.map((subject, index) => {
  const isAgainst = index % 2 === 1;
  const opinions = [...GOOD, ...BAD].flatMap((reason, place) => {
    const stance = (place < GOOD.length ? 1 : -1) * (isAgainst ? -1 : 1);
    return [
      { text: `${subject} matter, because ${reason}.`, stance, stanceConfidence: 1, quality: 0.9 },
      { text: `${reason} ${subject}`, stance, stanceConfidence: 0.8, quality: 0.3 },
    ];
  });
  return { statement: `We should ${isAgainst ? "ban" : "adopt"} ${subject}`, opinions };
});
const lines = discussions.map((one) => JSON.stringify(one)).join("\n");

const random = randomFrom(3);
const words = [...new Set([...GOOD, ...BAD, "because matter . ,"].join(" ").split(" "))];
const vectors = {
  dimensions: 6,
  vectors: Object.fromEntries(words.map((word) => [word, Array.from({ length: 6 }, () => random() - 0.5)])),
};
const provenance = {
  about: "fixture",
  data: { source: "this test", licence: "MIT", sha256: "" },
  vectors: { source: "this test", licence: "MIT", sha256: "" },
  options: {},
};
const small: Settings = {
  ...SETTINGS,
  words: 100,
  commonWord: 1,
  stanceNgrams: { ...SETTINGS.stanceNgrams, statements: 2 },
  qualityNgrams: { ...SETTINGS.qualityNgrams, statements: 2 },
  networks: SETTINGS.networks.map((network) => ({ ...network, filters: 4, epochs: 6, rate: 1e-2 })),
};
const trained = () => trainAnalyst(discussionsIn(lines), vectors, provenance, small);
const bytes = encodeModel(trained());

describe("training", () => {
  test("gives the same bytes again, here and on every machine", () => {
    expect(encodeModel(trained())).toEqual(bytes);
    // Differs only when what is trained changes: then the committed weights must be trained anew as well.
    expect(createHash("sha256").update(bytes).digest("hex")).toMatchInlineSnapshot(
      `"97a8071f81d738177740a897b00cf9a72e4a80f2d1f2347d4ce7dc143529e487"`,
    );
  });
  test("leaves a file that reads as it was written", () => {
    const read = decodeModel(bytes);
    expect(encodeModel(read)).toEqual(bytes);
    expect(read.provenance).toEqual(provenance);
  });
  test("learns what holds for a statement that it has not seen", () => {
    const model = decodeModel(bytes);
    const stanceOf = (statement: string, text: string) => analyse(model, { statement, text }).stance;
    expect(stanceOf("We should adopt wheels", "wheels matter, because they help the poor.")).toBeGreaterThan(
      0,
    );
    expect(
      stanceOf("We should adopt wheels", "wheels matter, because they hurt small children."),
    ).toBeLessThan(0);
    expect(
      stanceOf("We should ban wheels", "wheels matter, because they hurt small children."),
    ).toBeGreaterThan(0);
  });
  test("tells a sentence from a scrap", () => {
    const model = decodeModel(bytes);
    const qualityOf = (text: string) => analyse(model, { statement: "We should adopt wheels", text }).quality;
    expect(qualityOf("Wheels matter, because they help the poor.")).toBeGreaterThan(
      qualityOf("they help wheels"),
    );
  });
});

test("a model that is cut short or is none is refused", () => {
  expect(() => decodeModel(bytes.subarray(0, bytes.length - 1))).toThrow("cannot be read");
  expect(() => decodeModel(new Uint8Array(40))).toThrow("cannot be read");
});
