import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Hex } from "@sooth/kernel";
import { expect, onTestFinished, test } from "vitest";
import { OPENS } from "../../../test/people.ts";
import { openSights, type Sight } from "./sights.ts";

const question = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const sight = (n: number, over: Partial<Sight> = {}) => ({
  question: question(n),
  round: 0,
  at: OPENS,
  value: "1",
  reason: "the median of 1 of 1 sources is 2400",
  sources: [],
  clarified: null,
  askAt: OPENS + 100,
  reward: "5",
  ...over,
});
async function file(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "sooth-sights-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return path.join(folder, "sights");
}
const DOMAIN = "31337:0x0a";

test("what was seen first of a round stays, also over a restart, and a torn line costs itself only", async () => {
  const where = await file();
  const first = await openSights({ file: where, domain: DOMAIN });
  await first.keep(sight(1));
  await first.keep(sight(1, { value: "0" }));
  await first.keep(sight(1, { round: 1, value: "0" }));
  await first.close();
  await appendFile(where, '{"question":"0x');
  const again = await openSights({ file: where, domain: DOMAIN });
  await again.keep(sight(2));
  await again.close();
  const third = await openSights({ file: where, domain: DOMAIN });
  const values = [third.find(question(1), 0), third.find(question(1), 1), third.find(question(2), 0)];
  expect(values.map((each) => each?.value)).toEqual(["1", "0", "1"]);
  expect(third.find(question(2), 1)).toBeUndefined();
});

test("those of another oracle are kept for it and not found", async () => {
  const where = await file();
  const other = await openSights({ file: where, domain: "1:0x0b" });
  await other.keep(sight(1));
  const ours = await openSights({ file: where, domain: DOMAIN });
  expect(ours.find(question(1), 0)).toBeUndefined();
  await ours.keep(sight(2));
  expect((await openSights({ file: where, domain: "1:0x0b" })).find(question(1), 0)?.value).toBe("1");
});

test("of too many the ones of the least reward go, of equals the newest", async () => {
  const sights = await openSights({ file: undefined, domain: DOMAIN, most: 2 });
  await sights.keep(sight(1, { reward: "9" }));
  await sights.keep(sight(2, { reward: "7" }));
  await sights.keep(sight(3, { reward: "8" }));
  await sights.keep(sight(4, { reward: "1" }));
  const found = [1, 2, 3, 4].map((n) => sights.find(question(n), 0) !== undefined);
  expect([found, sights.size]).toEqual([[true, false, true, false], 2]);
  await sights.keep(sight(5, { reward: "8" }));
  expect([3, 5].map((n) => sights.find(question(n), 0) !== undefined)).toEqual([true, false]);
});

test("what is forgotten leaves the file when it is written anew, what is postponed is asked for later", async () => {
  const where = await file();
  const sights = await openSights({ file: where, domain: DOMAIN });
  await sights.keep(sight(1));
  await sights.keep(sight(2, { askAt: OPENS + 50 }));
  expect(sights.old(OPENS + 100, 9).map((each) => each.question)).toEqual([question(2), question(1)]);
  expect(sights.old(OPENS + 100, 1)).toHaveLength(1);
  sights.postpone(question(2), OPENS + 500);
  expect(sights.old(OPENS + 100, 9).map((each) => each.question)).toEqual([question(1)]);
  sights.forget(question(1));
  await sights.close();
  const again = await openSights({ file: where, domain: DOMAIN });
  again.forget(question(1));
  await again.keep(sight(3));
  expect((await readFile(where, "utf8")).split("\n").filter((line) => line !== "")).toHaveLength(2);
});
