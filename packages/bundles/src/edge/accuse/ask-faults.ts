import type { z } from "zod";
import type { WireFault, wireFaults } from "../../core/index.ts";

/** Pages of a hundred each that are asked for, at the most. */
const MOST_PAGES = 20;

/**
 * What a server knows against attesters, the newest first, page after page. `more`: that was not all. Who wants proofs asks for those
 * that are `provable` alone: else whoever signs many things that nobody can prove hides behind them one that somebody can.
 */
export async function askFaults(
  ask: (path: string) => Promise<z.infer<typeof wireFaults>>,
  wanted: { signer?: string | undefined; state?: "open"; provable?: "true" },
): Promise<{ faults: WireFault[]; more: boolean }> {
  const query = new URLSearchParams({ limit: "100" });
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) query.set(name, value);
  const faults: WireFault[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const told = await ask(`/v1/bundles/faults?${query}`);
    faults.push(...told.faults);
    if (typeof told.next !== "string") return { faults, more: false };
    query.set("cursor", told.next);
  }
  return { faults, more: true };
}
