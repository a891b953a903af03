import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BenchPart, type Measurement, measurement } from "../measurement.ts";
import { svgOf } from "./chart.ts";
import { type Figures, figuresOf } from "./figures.ts";
import { blockOf, fill, runBlock, smallRun, thresholdsBlock } from "./page.ts";
import { type Run, simulate } from "./run.ts";
import { settingsWith } from "./settings.ts";
import { SWEEPS } from "./sweeps.ts";

const PAGE = "oracle-simulation.md";

/** The oracle with honest, lazy, copying, bribed and colluding providers; what gets wrong, who is found, who pays. */
export const oracleSim: BenchPart = {
  name: "oracle-sim",
  about: "100,000 questions with honest, lazy, copying, bribed and colluding providers, from a seed",
  run: (onStep, { pictures } = {}) => {
    const settings = settingsWith({});
    onStep(
      `${settings.questions.toLocaleString("en-US")} questions, ${settings.seats} seats, seed ${settings.seed}`,
    );
    const began = performance.now();
    const run = simulate(settings);
    const seconds = (performance.now() - began) / 1_000;
    onStep("the same world without disputes and without the monitor");
    const bare = simulate(settingsWith({ ladder: false, monitor: false }));
    if (pictures !== undefined) draw(pictures, run, bare, onStep);
    return Promise.resolve(measured(run, bare, seconds));
  },
};

const ABOUT: Record<keyof Figures, string> = {
  wrongReports: "wrong answers that a quorum signed, of all questions",
  wrongFinals: "wrong final answers, of all questions",
  invalids: "questions that ended invalid",
  disputes: "disputes, of all questions",
  bribesWon: "bribed questions that became final as bought",
  collusionWon: "questions that a clique attacked and won",
  foundColluding: "colluders found (step 2)",
  foundLazy: "lazy ones found (step 2)",
  falsePositives: "honest ones found (step 2); 0 is wanted",
  caseColluding: "colluders with a second kind of evidence (step 3)",
  caseHonest: "honest ones with a second kind of evidence (step 3); 0 is wanted",
  foundCopying: "copiers found",
  honestOneSource: "honest ones that share one cap for sharing a source (step 1)",
};

const dollars = (name: string, value: number, reference: number | null, against: string): Measurement =>
  measurement({ name: `oracle-sim.${name}`, value: Math.round(value), unit: "$", reference, against });

function measured(run: Run, bare: Run, seconds: number): Measurement[] {
  const without = figuresOf(bare);
  const shares = Object.entries(figuresOf(run)).map(([name, value]) =>
    measurement({
      name: `oracle-sim.${name}`,
      value,
      unit: "%",
      reference: without[name as keyof Figures],
      against: `without disputes and monitor; ${ABOUT[name as keyof Figures]}`,
    }),
  );
  const { ledger } = run;
  const parties = Object.entries(ledger.byKind).map(([kind, { fees, juryPay, bribes, prizes, slashed }]) =>
    dollars(
      `gain.${kind}`,
      fees + juryPay + bribes + prizes - slashed,
      null,
      "all of them together, in the run",
    ),
  );
  return [
    ...shares,
    dollars("harm", ledger.harm, Math.round(bare.ledger.harm), "without disputes; lost to wrong finals"),
    ...parties,
    dollars("gain.disputers", ledger.deposits.disputers, null, "deposits won less deposits lost"),
    measurement({
      name: "oracle-sim.bribe_price",
      value: run.bribeCost,
      unit: "×",
      reference: 1,
      against: "its prize, at the most value that the stake secures; above 1 a bribe does not pay",
    }),
    measurement({
      name: "oracle-sim.seconds",
      value: seconds,
      unit: "s",
      reference: 60,
      against: "target for 100,000 questions on one core",
      smallerIsBetter: true,
    }),
  ];
}

/** Writes the curves to `folder`, and their figures into the page beside it, if there is one. */
function draw(folder: string, run: Run, bare: Run, onStep: (text: string) => void): void {
  mkdirSync(folder, { recursive: true });
  const small = smallRun();
  const blocks = [thresholdsBlock(), runBlock("default run", run, bare), runBlock("small run", small, small)];
  for (const { name, run: sweep } of SWEEPS) {
    onStep(`sweep: ${name}`);
    for (const one of sweep()) {
      if (one.chart) writeFileSync(path.join(folder, `oracle-${one.name}.svg`), svgOf(one.chart));
      blocks.push(blockOf(one.name, one.table));
    }
  }
  const page = path.join(folder, "..", PAGE);
  if (existsSync(page)) writeFileSync(page, fill(readFileSync(page, "utf8"), blocks));
}
