import { expect, test } from "vitest";
import { Tries } from "./tries.ts";
import { Waits } from "./waits.ts";

test("what was sent in vain goes alone, and after three times not again for a minute, then two, whatever its owner does", () => {
  const tries = new Tries();
  let now = 0;
  const send = (how: "sent" | "in_vain") => {
    expect(tries.mayBegin("a", now)).toBe(true);
    tries.begin("a");
    expect(tries.mayBegin("a", now + 10 ** 9)).toBe(false);
    return tries.end("a", how, now);
  };
  expect(tries.isAlone("a")).toBe(false);
  send("in_vain");
  expect(tries.isAlone("a")).toBe(true);
  tries.hurry();
  send("in_vain");
  tries.hurry();
  expect(send("in_vain")).toBe(60_000);
  tries.hurry();
  expect(tries.mayBegin("a", now + 59_999)).toBe(false);
  now += 60_000;
  expect(send("in_vain")).toBe(120_000);
  now += 120_000;
  for (let i = 0; i < 20; i++) now += send("in_vain");
  expect(send("in_vain")).toBe(6 * 3_600_000);
});

test("what only waits is hurried by news, and its patience ends at a minute", () => {
  const tries = new Tries();
  for (let i = 0; i < 30; i++) {
    tries.begin("a");
    expect(tries.end("a", "waits", 0)).toBeLessThanOrEqual(60_000);
    tries.hurry();
    expect(tries.mayBegin("a", 0)).toBe(true);
  }
  expect(tries.isAlone("a")).toBe(false);
});

test("who has to wait waits twice as long each time, and what is kept of him is bounded", () => {
  const waits = new Waits<number>();
  waits.wait(1, 0);
  expect(waits.waiting(14_999)).toEqual([1]);
  expect(waits.waiting(15_000)).toEqual([]);
  waits.wait(1, 15_000);
  expect(waits.waiting(44_999)).toEqual([1]);
  for (let key = 2; key < 20_000; key++) waits.wait(key, 15_000);
  expect(waits.waiting(16_000)).toHaveLength(10_000);
});
