import type { Violation } from "./invariants.ts";
import { type Plan, planOf } from "./plan.ts";
import { type Ending, simulate } from "./run.ts";
import type { Wishes } from "./wishes.ts";
import type { Twist } from "./world.ts";

export type Campaign = { seed: number; schedules: number; twist?: Twist; deep?: boolean; wishes?: Wishes };
export type Found = { seed: number; plan: Plan; violation: Violation };
export type Counts = {
  schedules: number;
  blocks: number;
  bundles: number;
  endings: Record<Ending, number>;
  /** Things that befell somebody, by kind. */
  faults: Record<string, number>;
  /** Schedules in which something bounds an escrow, and why escrows let something not in. */
  bounded: number;
  refusals: Record<string, number>;
  found: Found | null;
};

/** One of so many has a chain that takes back what was final. */
const DEEP_EVERY = 10;

/** Plays schedule after schedule from consecutive seeds, until one violates something. */
export function campaign(
  { seed, schedules, twist, deep, wishes }: Campaign,
  onRun?: (done: number) => void,
): Counts {
  const endings = { completed: 0, compensated: 0, refunded: 0, unopened: 0, unfinished: 0 };
  const counts: Counts = {
    schedules: 0,
    blocks: 0,
    bundles: 0,
    endings,
    faults: {},
    bounded: 0,
    refusals: {},
    found: null,
  };
  for (let at = seed; at < seed + schedules; at++) {
    // Who says what befalls the chains means that and no more.
    const isDeep = deep ?? (wishes?.faults === undefined && at % DEEP_EVERY === DEEP_EVERY - 1);
    const plan = planOf(at, isDeep, wishes);
    const run = simulate(plan, twist);
    counts.schedules++;
    counts.blocks += run.blocks;
    counts.bundles += run.endings.length;
    for (const ending of run.endings) endings[ending]++;
    for (const { kind } of plan.faults) counts.faults[kind] = (counts.faults[kind] ?? 0) + 1;
    if (plan.limits.length > 0) counts.bounded++;
    for (const [why, times] of Object.entries(run.refusals))
      counts.refusals[why] = (counts.refusals[why] ?? 0) + times;
    if (run.violation) return { ...counts, found: { seed: at, plan, violation: run.violation } };
    onRun?.(counts.schedules);
  }
  return counts;
}
