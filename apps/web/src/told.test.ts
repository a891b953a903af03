import { expect, test, vi } from "vitest";
import { noteTold, untilTold } from "./told.ts";

/** Whether it is over by now. */
const state = async (waiting: Promise<void>) => {
  let said = "waits";
  void waiting.then(() => (said = "told"));
  await vi.advanceTimersByTimeAsync(0);
  return said;
};

test("who waits goes on once it was spoken of, before or after he came, and not for ever", async () => {
  vi.useFakeTimers();
  noteTold("0xAA");
  expect(await state(untilTold("0xaa", 1_000))).toBe("told");
  const waiting = untilTold("0xbb", 1_000);
  expect(await state(waiting)).toBe("waits");
  noteTold("0xcc");
  expect(await state(waiting)).toBe("waits");
  noteTold("0xbb");
  expect(await state(waiting)).toBe("told");
  const lost = untilTold("0xdd", 1_000);
  await vi.advanceTimersByTimeAsync(999);
  expect(await state(lost)).toBe("waits");
  await vi.advanceTimersByTimeAsync(1);
  expect(await state(lost)).toBe("told");
  // What was spoken of long ago is forgotten.
  for (let other = 0; other < 500; other++) noteTold(`0x${other}`);
  expect(await state(untilTold("0xaa", 1_000))).toBe("waits");
  vi.useRealTimers();
});
