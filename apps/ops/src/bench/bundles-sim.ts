import { campaign, type Counts, planText, shrink } from "@sooth/bundles/simulator";
import { type BenchPart, type Measurement, measurement } from "./measurement.ts";

const SCHEDULES = 2_000;
const SEED = 1;
const TELL_EVERY = 10_000;

/** Bundles over chains that reorganise, stop and censor, with lying attesters and nodes, and roles that crash anywhere. */
export const bundlesSim: BenchPart = {
  name: "bundles-sim",
  about:
    "schedules of bundles over several chains, with reorgs, pauses, censorship, crashes and lies, from a seed",
  run: (onStep, { schedules = SCHEDULES, seed = SEED } = {}) => {
    onStep(`${schedules.toLocaleString("en-US")} schedules from seed ${seed} on`);
    const began = performance.now();
    const counts = campaign({ seed, schedules }, (done) => {
      if (done % TELL_EVERY === 0) onStep(`${done.toLocaleString("en-US")} played`);
    });
    const seconds = (performance.now() - began) / 1_000;
    for (const line of story(counts)) onStep(line);
    return Promise.resolve(measured(counts, seconds));
  },
};

const said = (all: Record<string, number>): string =>
  Object.entries(all)
    .map(([name, count]) => `${count.toLocaleString("en-US")} ${name.replace("_", " ")}`)
    .join(", ");

/** What came about, and of a violation the least schedule that shows it. */
function story({ endings, faults, found }: Counts): string[] {
  const lines = [`bundles: ${said(endings)}`, `faults: ${said(faults)}`];
  if (found === null) return lines;
  const { plan, run } = shrink(found.plan, {}, found.violation);
  return [
    ...lines,
    `seed ${found.seed} violates ${found.violation.rule}: ${found.violation.what}`,
    ...planText(plan),
    ...run.trace,
  ];
}

const measured = ({ schedules, bundles, blocks, found }: Counts, seconds: number): Measurement[] => [
  measurement({
    name: "bundles-sim.violations",
    value: found === null ? 0 : 1,
    unit: "",
    reference: 0,
    against: `promised; the run ends at the first; ${bundles.toLocaleString("en-US")} bundles, ${blocks.toLocaleString("en-US")} blocks`,
    smallerIsBetter: true,
    isLimit: true,
  }),
  measurement({
    name: "bundles-sim.rate",
    value: schedules / seconds,
    unit: "schedules/s",
    reference: null,
    against: "one core",
  }),
];
