import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchSight } from "./sight.ts";

class Shown extends EventTarget {
  visibilityState = "visible";
}
class Frame extends EventTarget {
  document = new Shown();
  turn(visibilityState: "visible" | "hidden") {
    this.document.visibilityState = visibilityState;
    this.document.dispatchEvent(new Event("visibilitychange"));
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether `promise` is settled by now. */
const settled = async (promise: Promise<void>): Promise<boolean> => {
  let done = false;
  void promise.then(() => (done = true));
  await vi.advanceTimersByTimeAsync(0);
  return done;
};

test("a tab in the background gives its stream up after a while, and not for a glance elsewhere", () => {
  const pane = new Frame();
  const signal = watchSight(pane).whileSeen();
  pane.turn("hidden");
  vi.advanceTimersByTime(2_000);
  pane.turn("visible");
  vi.advanceTimersByTime(10_000);
  expect(signal.aborted).toBe(false);
  pane.turn("hidden");
  vi.advanceTimersByTime(3_000);
  expect(signal.aborted).toBe(true);
});

test("a page that was left gives its stream up at once: its timers stand still", () => {
  const pane = new Frame();
  const signal = watchSight(pane).whileSeen();
  pane.dispatchEvent(new Event("pagehide"));
  expect(signal.aborted).toBe(true);
});

test("a page that was left is seen again when somebody comes back to it, and not before", async () => {
  const pane = new Frame();
  const sight = watchSight(pane);
  expect(await settled(sight.seen())).toBe(true);
  pane.dispatchEvent(new Event("pagehide"));
  pane.turn("hidden");
  const seen = sight.seen();
  expect(await settled(seen)).toBe(false);
  pane.turn("visible");
  expect(await settled(seen)).toBe(false);
  pane.dispatchEvent(new Event("pageshow"));
  expect(await settled(seen)).toBe(true);
  expect(sight.whileSeen().aborted).toBe(false);
});
