import type { JudgedMeasure } from "@sooth/oracle/core";
import { LAZY, timesOf } from "./answers.ts";
import { type Provider, SOURCES, VENUES } from "./population.ts";
import { normal, type Random } from "./random.ts";
import type { Settings } from "./settings.ts";

/**
 * Questions for a figure. Each reading is the truth and three errors: its source's, that of the venue that its reader and others
 * watch, and his own. In tolerances; a figure travels in thousandths of one.
 */
const OF_SOURCE = 0.2;
const OF_VENUE = 0.12;
const OF_READER = 0.25;
/** What a clique moves a figure by at least and how much more, and how exactly its members keep to it: one figure for all would be seen at once. */
const MOVED = 2;
const MOVED_MORE = 2;
const MOVED_ALIKE = 0.05;
const UNIT = 1_000;
const MOST_TRUTH = 1_000_000_000;

export type Figure = { judged: Omit<JudgedMeasure, "finalAt">; isWrong: boolean };

/** One such question, answered in the order of `seated`. `last`: the last final, which a lazy one repeats. */
export function figureOf(
  seated: readonly Provider[],
  weights: readonly number[],
  settings: Settings,
  last: number,
  random: Random,
): Figure {
  const truth = Math.floor(random() * MOST_TRUTH);
  const sources = Array.from({ length: SOURCES }, () => OF_SOURCE * normal(random));
  const venues = Array.from({ length: VENUES }, () => OF_VENUE * normal(random));
  const isAttacked = random() < settings.attacked / 2;
  const moved = MOVED + MOVED_MORE * random();
  const mean = sources.reduce((sum, one) => sum + one, 0) / SOURCES;
  const read = ({ source, venue, skill }: Provider): number =>
    (source === null ? mean : (sources[source] ?? 0)) +
    (venues[venue] ?? 0) +
    OF_READER * skill * normal(random);
  const valueOf = (provider: Provider): { value: number; source: number | null } => {
    const own = { value: truth + Math.round(UNIT * read(provider)), source: provider.source };
    const isMoved = isAttacked && provider.kind === "colluding";
    if (isMoved)
      return { value: truth + Math.round(UNIT * (moved + MOVED_ALIKE * normal(random))), source: null };
    return provider.kind === "lazy" && random() < LAZY ? { value: last, source: null } : own;
  };
  const answers = timesOf(seated, valueOf, random);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const weightOf = new Map(seated.map(({ id }, index) => [id, weights[index] ?? 0]));
  let below = 0;
  const final =
    answers
      .toSorted((a, b) => a.value - b.value)
      .find(({ provider }) => (below += weightOf.get(provider) ?? 0) * 2 >= total)?.value ?? truth;
  return {
    judged: {
      domain: 0,
      final: BigInt(final),
      tolerance: BigInt(UNIT),
      answers: answers.map(({ provider, value, at, source }) => ({
        provider,
        value: BigInt(value),
        at,
        source,
        // Who reads one source signs what it read.
        sourceValue: source === null ? null : BigInt(value),
      })),
    },
    isWrong: Math.abs(final - truth) > UNIT,
  };
}
