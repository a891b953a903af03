import type { Logger } from "@sooth/runtime";
import { pauseAfter } from "../../core/index.ts";
import type { ApiClient } from "./api-client.ts";
import type { ChainView } from "./chain-view.ts";

/** One of those who gather commitments, have them co-signed, and later take what opens them. */
export type ReportCollector = ApiClient & { url: string };

/** What was handed to whom and taken, so that it is not handed over at every block. */
const handed = new WeakMap<ReportCollector, Set<string>>();
/** How often something was tried in vain. */
const tries = new WeakMap<ChainView, Map<string, number>>();
/** Questions and phases that are remembered; forgetting one costs a repetition. */
const REMEMBERED = 5_000;

export const isHanded = (collector: ReportCollector, what: string): boolean =>
  handed.get(collector)?.has(what) ?? false;

export function remember(collector: ReportCollector, what: string): true {
  const known = handed.get(collector) ?? new Set<string>();
  handed.set(collector, known);
  if (known.size >= REMEMBERED) known.clear();
  known.add(what);
  return true;
}

/** Seconds of chain time until the same is tried again: whoever is asked in vain is asked ever more rarely. */
export function pauseFor(view: ChainView, what: string, seconds: number): number {
  const known = tries.get(view) ?? new Map<string, number>();
  tries.set(view, known);
  if (known.size >= REMEMBERED) known.clear();
  const tried = (known.get(what) ?? 0) + 1;
  known.set(what, tried);
  return pauseAfter(tried, seconds);
}

/**
 * Hands the same to each collector that has not taken it. Each by itself: one that is away or refuses costs the others nothing.
 * Returns how many have not taken it and may do so later.
 */
export async function toEach(
  { collectors, log }: { collectors: readonly ReportCollector[]; log: Logger },
  of: { question: string; phase: number; what: string },
  hand: (collector: ReportCollector) => ReturnType<ReportCollector["commit"]>,
): Promise<number> {
  const { question, phase, what } = of;
  const taken = await Promise.all(
    collectors.map(async (collector) => {
      const { url } = collector;
      if (isHanded(collector, what)) return true;
      try {
        const answer = await hand(collector);
        if (answer.outcome === "accepted") return remember(collector, what);
        log.info({ question, phase, collector: url, code: answer.code }, answer.message);
        return answer.outcome === "never" && remember(collector, what);
      } catch (error) {
        log.warn({ err: error, question, collector: url }, "a collector is away");
        return false;
      }
    }),
  );
  return taken.filter((is) => !is).length;
}
