import { expect, test, vi } from "vitest";
import { localChain } from "./chains/local.ts";
import { Bell, keepGoing } from "./keep-going.ts";

/** Longer than the test waits: only a bell, which leaves a tenth of it, can bring the next step in time. */
const POLL_MS = 15_000;

test("a bell ends the pause, and a step that it was rung in is followed by one more", async () => {
  const end = new AbortController();
  const bell = new Bell();
  let steps = 0;
  const done = keepGoing({
    what: "step",
    definition: { ...localChain({ id: 1, name: "slow", role: "hub" }), pollMs: POLL_MS },
    step: async () => {
      if (++steps === 2) bell.ring();
      return "idle";
    },
    failed: () => {},
    bell,
    signal: end.signal,
  });
  await vi.waitFor(() => expect(steps).toBe(1));
  bell.ring();
  await vi.waitFor(() => expect(steps).toBe(3), { timeout: POLL_MS - 1_000, interval: 50 });
  end.abort();
  await done;
});
