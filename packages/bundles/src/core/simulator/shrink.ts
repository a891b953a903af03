import { faultText } from "./fault-text.ts";
import { limitText } from "./limit-text.ts";
import { short, type Violation } from "./invariants.ts";
import type { Plan } from "./plan.ts";
import { type Run, simulate } from "./run.ts";
import type { Twist } from "./world.ts";

/** A plan that still breaks the same rule, with nothing in it that could be left out; and how it goes, step by step. */
export function shrink(plan: Plan, twist: Twist, found: Violation): { plan: Plan; run: Run } {
  let least = plan;
  for (let before: Plan | null = null; before !== least;) {
    before = least;
    for (const cut of smallerThan(before)) {
      const kept = cut(least);
      if (kept !== null && simulate(kept, twist).violation?.rule === found.rule) least = kept;
    }
  }
  return { plan: least, run: simulate(least, twist, true) };
}

type Cut = (plan: Plan) => Plan | null;

const without = <T>(list: readonly T[], one: T): T[] | null =>
  list.includes(one) ? list.filter((other) => other !== one) : null;

/** Each way to make it smaller by one thing; null where that thing is gone already. */
function smallerThan(plan: Plan): Cut[] {
  return [
    ...plan.faults.map((fault): Cut => (now) => {
      const faults = without(now.faults, fault);
      return faults && { ...now, faults };
    }),
    ...plan.bundles.map((bundle): Cut => (now) => {
      const bundles = without(now.bundles, bundle);
      return bundles && bundles.length > 0 ? { ...now, bundles } : null;
    }),
    ...plan.limits.map((limit): Cut => (now) => {
      const limits = without(now.limits, limit);
      return limits && { ...now, limits };
    }),
    (now) => (now.liars > 0 ? { ...now, liars: now.liars - 1 } : null),
    ...(
      ["abortsAt", "fails", "undoFailures", "failsUntil", "refuses", "isNeverOpened", "toldTo"] as const
    ).map((what): Cut => (now) => {
      if (now.bundles.every((one) => isCalm(one[what]))) return null;
      return { ...now, bundles: now.bundles.map((one) => ({ ...one, [what]: CALM[what] })) };
    }),
  ];
}

const CALM = {
  abortsAt: null,
  fails: [],
  undoFailures: 0,
  failsUntil: 0,
  refuses: [],
  isNeverOpened: false,
  toldTo: null,
};
const isCalm = (value: unknown): boolean =>
  value === null || value === 0 || value === false || (Array.isArray(value) && value.length === 0);

/** A plan in words, a line for each thing in it. */
export function planText(plan: Plan): string[] {
  const chains = plan.chains.map(
    ({ chainId, blockSeconds, wait, word }) =>
      `chain ${chainId}: a block in ${blockSeconds} s, believed ${word ? `when ${word}, ` : ""}after ${wait}`,
  );
  const bundles = plan.bundles.map(({ known: { id, bundle, legs }, opensAt, abortsAt, ...more }) =>
    [
      `bundle ${short(id)}: ${bundle.mode}, opened at ${opensAt} s, deadline ${bundle.deadline} s`,
      ...legs.map(({ chainId, undoes, needsOk }, place) =>
        undoes === null
          ? `leg ${place} on ${chainId}${needsOk.length > 0 ? ` after ${needsOk.join(" and ")}` : ""}`
          : `leg ${place} undoes ${undoes}`,
      ),
      ...(abortsAt === null ? [] : [`its owner aborts at ${abortsAt} s`]),
      ...more.fails.map((place) => `leg ${place} fails`),
      ...(more.failsUntil > 0 ? [`participants fail until ${more.failsUntil} s`] : []),
      ...(more.isNeverOpened ? ["nobody opens it"] : []),
      ...(more.toldTo ? [`only ${more.toldTo.join(" and ")} knows its legs`] : []),
      ...more.refuses.map((place) => `nobody pays leg ${place}`),
      ...(more.undoFailures > 0 ? [`compensations and participants fail ${more.undoFailures} times`] : []),
    ].join("; "),
  );
  const ids = plan.chains.map(({ chainId }) => chainId);
  const faults = plan.faults.map((fault) => faultText(fault, ids));
  const limits = plan.limits.map((limit) => `bounded: ${limitText(limit)}`);
  return [...chains, ...bundles, `liars among five attesters: ${plan.liars}`, ...faults, ...limits];
}
