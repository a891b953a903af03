/** One figure that the monitor goes by: what ships, the least and the largest that make sense, its unit, and why. */
export type Threshold = { value: number; min: number; max: number; unit: string; why: string };

/**
 * All thresholds of the security monitor. The figures come from `npm run bench -- oracle-sim --pictures docs/pictures`,
 * whose curves and tables are in docs/oracle-simulation.md; a change here is a change there.
 */
export const THRESHOLDS = {
  minCommon: {
    value: 200,
    min: 50,
    max: 10_000,
    unit: "questions",
    why: "below it a pair's expected shared errors are too few to tell two from one",
  },
  linkT: {
    value: 4,
    min: 2,
    max: 10,
    unit: "standard deviations",
    why: "between 2 and 10 nothing moved at 100,000 questions, where slack decides; it guards the small counts",
  },
  level: {
    value: 0.01,
    min: 0.0001,
    max: 0.1,
    unit: "share of links",
    why: "at most one link in a hundred may be false",
  },
  budget: {
    value: 0.05,
    min: 0.0001,
    max: 1,
    unit: "honest pairs a scan",
    why: "one false link in twenty scans, and it needs a second kind of evidence before anything beyond a shared cap",
  },
  slack: {
    value: 0.5,
    min: 0,
    max: 3,
    unit: "share above the model",
    why: "the least at which no honest one reached step 2 where it was picked; at 0.75 half of the colluders are missed",
  },
  groupLevel: {
    value: 0.01,
    min: 0.0001,
    max: 0.1,
    unit: "p-value",
    why: "two of a large clique share too little for a pair to tell; above 0.01 chance links honest pairs by the hundred",
  },
  residualSlack: {
    value: 0.5,
    min: 0,
    max: 0.9,
    unit: "correlation",
    why: "honest figures share what their markets share, beyond the source that they name; the least at which it linked nobody honest where it was picked",
  },
  residualBound: {
    value: 4,
    min: 1,
    max: 100,
    unit: "tolerances",
    why: "one wild figure must not make a correlation",
  },
  propagation: {
    value: 3_000,
    min: 100,
    max: 60_000,
    unit: "ms",
    why: "a copy needs to see the answer and to send its own: two hops through a collector",
  },
  copyShare: {
    value: 0.5,
    min: 0.1,
    max: 1,
    unit: "share of common questions",
    why: "who follows in fewer than half answers mostly himself",
  },
  delaySlack: {
    value: 0.5,
    min: 0,
    max: 0.9,
    unit: "correlation",
    why: "machines in one data centre are late together; a copier is at 0.9 and above",
  },
  publicOrigin: {
    value: 12,
    min: 2,
    max: 1_000,
    unit: "providers",
    why: "an address that funds more of them is an exchange or a bridge",
  },
} as const satisfies Record<string, Threshold>;

/** Plain figures by name. */
export type Limits = Record<keyof typeof THRESHOLDS, number>;

/** What ships, with `changed` in place of it. A figure outside its bounds is held at them. */
export function limitsWith(changed: Partial<Limits> = {}): Limits {
  const entries = Object.entries(THRESHOLDS as Record<string, Threshold>).map(([name, threshold]) => {
    const wanted = changed[name as keyof Limits] ?? threshold.value;
    return [name, Math.min(threshold.max, Math.max(threshold.min, wanted))];
  });
  return Object.fromEntries(entries) as Limits;
}
