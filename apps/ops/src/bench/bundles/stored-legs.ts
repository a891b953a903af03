import { at } from "@sooth/kernel";
import { waitFor } from "../../waiting.ts";
import type { BundlesNetwork, Signing } from "./network.ts";
import type { Opener } from "./openings.ts";
import { sharesOf } from "./cost-parts.ts";
import { type Role, untilIdle } from "./role.ts";
import { Timing } from "./timing.ts";

const LEGS = 2_000;
const BLOCK_SECONDS = 1;
const PATIENCE_SECONDS = 300;
const LOOK_MS = 100;

export type Stored = {
  bundler: Role;
  legs: number;
  perSecond: number;
  /** Microseconds of the bundler's processor time a leg, from reading it to having its fee paid out; and by part. */
  cpu: number;
  parts: Record<string, number>;
};

/** Legs of one chain that were all ready before the bundler began: it fills its transactions, 50 in each. */
export async function stored(
  { stack, startBundler }: BundlesNetwork,
  signing: Signing,
  opener: Opener,
): Promise<Stored> {
  const one = at(stack.rollups, 0);
  const openings = await opener.sign(LEGS, [one], LEGS);
  const end = new AbortController();
  const timing = new Timing(stack, 1, end.signal);
  try {
    await timing.ready;
    for (const raw of openings.raws)
      await stack.hub.client.request({ method: "eth_sendRawTransaction", params: [raw] });
    const look = { seconds: PATIENCE_SECONDS };
    await waitFor("all bundles to be open", async () => timing.seen.length === LEGS || undefined, look);
    const bundler = await startBundler(signing);
    const left = () => timing.seen.filter(({ done }) => done === null).length;
    await waitFor("all legs to have run", async () => left() === 0 || undefined, {
      ...look,
      everyMs: LOOK_MS,
      saw: () => `${left()} legs wait`,
    });
    const times = timing.seen.map(({ done }) => done ?? Number.NaN);
    // The first block's legs were sent in the second before it.
    const seconds = (Math.max(...times) - Math.min(...times)) / 1_000 + BLOCK_SECONDS;
    // Deciding and paying for what ran is part of a leg's cost.
    await untilIdle(bundler, PATIENCE_SECONDS);
    const { cpuMs } = await bundler.ask("cpu");
    const cpu = (1_000 * cpuMs) / LEGS;
    const { parts } = await bundler.ask("parts");
    return { bundler, legs: LEGS, perSecond: LEGS / seconds, cpu, parts: sharesOf(parts, cpu) };
  } finally {
    end.abort();
    await timing.done;
  }
}
