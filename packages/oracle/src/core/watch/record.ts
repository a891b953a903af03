import { BPS, type Hex } from "@sooth/kernel";
import { z } from "zod";
import { wireAddress, wireSeconds } from "../wire-words.ts";
import { distance } from "./judge.ts";

/** A finding against an answer, and what became of its question. Only who spoke first stands in the records. */
export type TriedFinding = {
  watcher: Hex;
  question: Hex;
  /** Chain time at which it was handed over. */
  at: number;
  expected: bigint;
  got: bigint;
  /** What counts as the same; 0 for outcomes. */
  tolerance: bigint;
  /** INVALID where the question ended so; null while it has not ended. */
  ended: bigint | null;
};
/** An answer that did not stand, and when the chain said so. */
export type Overturned = { question: Hex; at: number };

export type FindingOutcome = "open" | "borne out" | "refuted" | "neither";

/** `borne out`: the question ended as the watcher said. `refuted`: as it said that it should not. `neither`: otherwise. */
export function outcomeOf({ expected, got, tolerance, ended }: TriedFinding): FindingOutcome {
  if (ended === null) return "open";
  if (distance(ended, expected) <= tolerance) return "borne out";
  return distance(ended, got) <= tolerance ? "refuted" : "neither";
}

/** What a watcher's findings came to. */
export const wireWatcher = z.object({
  watcher: wireAddress,
  firstAt: wireSeconds,
  findings: z.number().int(),
  open: z.number().int(),
  borneOut: z.number().int(),
  refuted: z.number().int(),
  neither: z.number().int(),
  /** Answers that did not stand since its first finding. */
  overturned: z.number().int(),
  /** Of those, the ones that it was the first to speak against; basis points, null while there are none. */
  catchBps: z.number().int().nullable(),
});
export type WatcherRecord = z.infer<typeof wireWatcher>;

/**
 * The record of every watcher, by what chain and courts made of what it said: nothing in it is the watcher's own word. Who
 * caught most stands first.
 */
export function watcherRecords(
  findings: readonly TriedFinding[],
  overturned: readonly Overturned[],
): WatcherRecord[] {
  const records = [...Map.groupBy(findings, ({ watcher }) => watcher)].map(([watcher, own]) => {
    const outcomes = own.map(outcomeOf);
    const count = (wanted: FindingOutcome) => outcomes.filter((each) => each === wanted).length;
    const firstAt = Math.min(...own.map(({ at }) => at));
    const since = overturned.filter(({ at }) => at >= firstAt);
    const caught = since.filter(({ question }) => own.some((each) => each.question === question)).length;
    return {
      watcher,
      firstAt,
      findings: own.length,
      open: count("open"),
      borneOut: count("borne out"),
      refuted: count("refuted"),
      neither: count("neither"),
      overturned: since.length,
      catchBps: since.length === 0 ? null : Math.floor((caught * Number(BPS)) / since.length),
    };
  });
  return records.toSorted(
    (a, b) => (b.catchBps ?? -1) - (a.catchBps ?? -1) || (a.watcher < b.watcher ? -1 : 1),
  );
}
