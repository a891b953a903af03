import { type Cluster, findClusters, type Limits, limitsWith, type Signal } from "@sooth/oracle/core";
import { originsOf, type Provider } from "./population.ts";
import type { Run } from "./run.ts";
import { type Kind, KINDS, type Settings } from "./settings.ts";

/** What a run came to, as shares. Percent is of what its comment says. */
export type Figures = {
  /** Of all questions. */
  wrongReports: number;
  wrongFinals: number;
  invalids: number;
  disputes: number;
  /** Of the attacks tried. */
  bribesWon: number;
  collusionWon: number;
  /** Of the providers with a seat: in a cluster whose errors nothing excuses (step 2 and up). */
  foundColluding: number;
  foundLazy: number;
  falsePositives: number;
  /** Step 3: a second kind of evidence, on which a case may be opened. */
  caseColluding: number;
  caseHonest: number;
  /** Of the copiers: in any cluster; of the honest: sharing one cap because they share a source (step 1). */
  foundCopying: number;
  honestOneSource: number;
};

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (part / whole) * 100);

export function figuresOf(run: Run): Figures {
  const { ledger } = run;
  const { bribe, collusion } = ledger.attacks;
  const found = (kind: Kind, test: (step: number) => boolean): number => {
    const seated = seatedOf(run, kind);
    return percent(seated.filter(({ step }) => test(step)).length, seated.length);
  };
  return {
    wrongReports: percent(ledger.wrongReports, ledger.questions),
    wrongFinals: percent(ledger.wrongFinals, ledger.questions),
    invalids: percent(ledger.invalids, ledger.questions),
    disputes: percent(ledger.disputes, ledger.questions),
    bribesWon: percent(bribe.won, bribe.tried),
    collusionWon: percent(collusion.won, collusion.tried),
    foundColluding: found("colluding", (step) => step >= 2),
    foundLazy: found("lazy", (step) => step >= 2),
    falsePositives: found("honest", (step) => step >= 2),
    caseColluding: found("colluding", (step) => step >= 3),
    caseHonest: found("honest", (step) => step >= 3),
    foundCopying: found("copying", (step) => step >= 1),
    honestOneSource: found("honest", (step) => step === 1),
  };
}

const hasSeat = (id: number, settings: Settings): boolean => settings.rotating || id < settings.seats;

/** The same sums judged by other thresholds, without running the world again: the steps of all with a seat, by kind. */
export function countBy(run: Run, changed: Partial<Limits>): Map<Kind, number[]> {
  const clusters = findClusters(run.monitor, limitsWith(changed), {
    origins: originsOf(run.providers),
    guilty: [],
  });
  const steps = stepsOf(clusters);
  return new Map(KINDS.map((kind) => [kind, seatedOf(run, kind).map(({ id }) => steps.get(id) ?? 0)]));
}

/** Who has a link of each signal, to a member of his cluster. */
export function linksBy({ clusters }: Run): Map<Signal, Set<number>> {
  const by = new Map<Signal, Set<number>>();
  for (const { members, links } of clusters)
    for (const { a, b, signal } of links)
      for (const id of [a, b])
        if (members.includes(id)) by.set(signal, (by.get(signal) ?? new Set()).add(id));
  return by;
}

export const seatedOf = (run: Run, kind: Kind): Provider[] =>
  run.providers.filter((one) => one.kind === kind && hasSeat(one.id, run.settings));

function stepsOf(clusters: readonly Cluster[]): Map<number, number> {
  const steps = new Map<number, number>();
  for (const { members, step } of clusters)
    for (const id of members) steps.set(id, Math.max(step, steps.get(id) ?? 0));
  return steps;
}

/** Means over runs that differ in their seed only. */
export function mean(all: readonly Figures[]): Figures {
  const names = Object.keys(all[0] ?? {}) as (keyof Figures)[];
  return Object.fromEntries(
    names.map((name) => [name, all.reduce((sum, one) => sum + one[name], 0) / all.length]),
  ) as Figures;
}

/** Dollars per provider and year of 100,000 questions, by kind: what came in, what was lost. */
export function moneyOf(run: Run): string[][] {
  const perYear = 100_000 / run.ledger.questions;
  const dollars = (value: number, count: number): string =>
    count === 0 ? "" : String(Math.round((value * perYear) / count));
  const rows = KINDS.map((kind) => {
    const count = run.providers.filter((one) => one.kind === kind).length;
    const { fees, slashed, bribes, juryPay, prizes } = run.ledger.byKind[kind];
    const sum = fees + bribes + juryPay + prizes - slashed;
    return [
      kind,
      String(count),
      ...[fees, juryPay, bribes, prizes, -slashed, sum].map((v) => dollars(v, count)),
    ];
  });
  return [["provider", "count", "fees", "jury", "bribes", "prizes", "slashed", "sum"], ...rows];
}
