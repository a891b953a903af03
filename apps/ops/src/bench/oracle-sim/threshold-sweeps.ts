import type { Limits, THRESHOLDS } from "@sooth/oracle/core";
import type { Chart } from "./chart.ts";
import { countBy, linksBy, seatedOf } from "./figures.ts";
import { type Run, simulate } from "./run.ts";
import { type Kind, KINDS, NOBODY, type Settings, settingsWith } from "./settings.ts";
import { PERCENT, type Sweep, text } from "./sweep.ts";

/** Thresholds are picked on the first seeds and reported on the second: what fits the first need not hold for the second. */
const TRAIN = [21, 22];
const HELD_OUT = [41, 42];

/** A world in which nobody acts on what the monitor finds, with what it is called. */
type World = { name: string; of: (seed: number) => Run; worlds: number };
const idle = (changed: Partial<Settings>) => (seed: number) =>
  simulate(settingsWith({ seed, questions: 100_000, monitor: false, scanEvery: 100_000, ...changed }));
const WORLDS: readonly World[] = [
  { name: "mixed, 31 providers", of: idle({}), worlds: 2 },
  { name: "honest only, 31 providers", of: idle({ mix: NOBODY }), worlds: 2 },
  { name: "mixed, 200 providers", of: idle({ rotating: true, bench: 169 }), worlds: 1 },
];

/** Every threshold in turn on the worlds it is picked on, and what ships on others. */
export function thresholds(): Sweep[] {
  const train = WORLDS.map(({ name, of, worlds }) => ({ name, runs: TRAIN.slice(0, worlds).map(of) }));
  const sweeps = trained(train);
  const held = WORLDS.map(({ name, of, worlds }) => ({ name, runs: HELD_OUT.slice(0, worlds).map(of) }));
  return [...sweeps, splitTable(train, held), signalTable(held)];
}

type Made = readonly { name: string; runs: readonly Run[] }[];

function trained(worlds: Made): Sweep[] {
  const all = worlds.flatMap(({ runs }) => runs);
  const large = worlds.at(-1)?.runs ?? [];
  const by = (name: keyof typeof THRESHOLDS, values: readonly number[]) =>
    values.map((value): readonly [number, Judged] => [
      value,
      { ...pooled(all, { [name]: value }), ofLarge: pooled(large, { [name]: value }).colluding },
    ]);
  const t = [2, 4, 6, 10];
  const level = [0.0001, 0.001, 0.01, 0.1];
  const residual = [0, 0.2, 0.3, 0.4, 0.5, 0.7];
  return [
    picture("threshold-t", by("linkT", t), "Who is found, by the threshold T", {
      label: "T, standard deviations",
      ticks: t,
    }),
    picture(
      "threshold-slack",
      by("slack", [0, 0.1, 0.25, 0.5, 0.75, 1, 1.5]),
      "Who is found, by the slack of the model",
      { label: "shared errors allowed above the model, share", ticks: [0, 0.5, 1, 1.5] },
    ),
    picture("threshold-level", by("level", level), "Who is found, by the Benjamini-Hochberg level", {
      label: "level, share of links",
      log: true,
      ticks: level,
    }),
    picture(
      "threshold-budget",
      by("budget", [0.0001, 0.001, 0.01, 0.05, 0.1, 1]),
      "Who is found, by the false-positive budget",
      {
        label: "budget, honest pairs a scan",
        log: true,
        ticks: [0.0001, 0.001, 0.01, 0.1, 1],
      },
    ),
    picture(
      "threshold-group",
      by("groupLevel", [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1]),
      "Who is found, by the level at which a pair counts for its group",
      { label: "p-value of a link within a group", log: true, ticks: level },
    ),
    picture(
      "threshold-residual",
      by("residualSlack", residual),
      "Who is found, by the correlation that honest figures may have",
      { label: "correlation of residuals allowed", ticks: residual },
    ),
  ];
}

/** A table of all rows, and a picture of some of its columns. */
function picture(
  name: string,
  rows: readonly (readonly [number, Judged])[],
  title: string,
  x: Chart["x"],
): Sweep {
  const curve = (label: string, field: keyof Judged): Chart["lines"][number] => ({
    name: label,
    points: rows.map(([value, judged]) => [value, judged[field]] as const),
  });
  return {
    name,
    table: [
      [x.label, ...Object.values(JUDGED)],
      ...rows.map(([value, judged]) => [
        String(value),
        ...Object.keys(JUDGED).map((field) => text(judged[field as keyof Judged])),
      ]),
    ],
    chart: {
      title,
      x,
      y: { label: "providers found, %", max: 100, ticks: PERCENT },
      lines: [
        curve("colluding", "colluding"),
        curve("honest, step 2", "honest"),
        curve("lazy", "lazy"),
        curve("honest, step 1", "oneSource"),
      ],
    },
  };
}

const JUDGED = {
  colluding: "colluding %",
  ofLarge: "of 200 %",
  lazy: "lazy %",
  copying: "copying %",
  honest: "honest, step 2 %",
  oneSource: "honest, step 1 %",
};
type Judged = Record<keyof typeof JUDGED, number>;

/** Of all providers of a kind in all these runs together. */
function pooled(runs: readonly Run[], changed: Partial<Limits>): Omit<Judged, "ofLarge"> {
  const judged = runs.map((run) => countBy(run, changed));
  const share = (kind: Kind, test: (step: number) => boolean): number => {
    const steps = judged.flatMap((one) => one.get(kind) ?? []);
    return steps.length === 0 ? 0 : (steps.filter(test).length / steps.length) * 100;
  };
  return {
    colluding: share("colluding", (step) => step >= 2),
    lazy: share("lazy", (step) => step >= 2),
    copying: share("copying", (step) => step >= 1),
    honest: share("honest", (step) => step >= 2),
    oneSource: share("honest", (step) => step === 1),
  };
}

/** With what ships, as counts: a share of few says little. */
function countsOf(name: string, seeds: readonly number[], runs: readonly Run[]): string[] {
  const judged = runs.map((run) => countBy(run, {}));
  const count = (kind: Kind, test: (step: number) => boolean): string => {
    const steps = judged.flatMap((one) => one.get(kind) ?? []);
    return steps.length === 0 ? "" : `${steps.filter(test).length} of ${steps.length}`;
  };
  return [
    name,
    seeds.slice(0, runs.length).join(" "),
    count("colluding", (step) => step >= 2),
    count("colluding", (step) => step >= 3),
    count("lazy", (step) => step >= 2),
    count("copying", (step) => step >= 1),
    count("honest", (step) => step >= 2),
    count("honest", (step) => step >= 3),
    count("honest", (step) => step === 1),
  ];
}

/** What ships, on the worlds that it was picked on and on others. */
function splitTable(train: Made, held: Made): Sweep {
  return {
    name: "held-out",
    table: [
      [
        "worlds",
        "seeds",
        "colluding, step 2",
        "step 3",
        "lazy, step 2",
        "copying",
        "honest, step 2",
        "step 3",
        "step 1",
      ],
      ...train.map(({ name, runs }) => countsOf(`picked on: ${name}`, TRAIN, runs)),
      ...held.map(({ name, runs }) => countsOf(`held out: ${name}`, HELD_OUT, runs)),
    ],
  };
}

/** Which kinds of evidence speak against whom, in the worlds held out: of each kind of providers, those with such a link in a cluster. */
function signalTable(held: Made): Sweep {
  const signals = ["errors", "residuals", "digits", "votes", "copies", "funding"] as const;
  const runs = held.flatMap((one) => one.runs);
  const linked = runs.map((run) => linksBy(run));
  return {
    name: "signals",
    table: [
      ["signal", ...KINDS.map((kind) => `${kind} %`)],
      ...signals.map((signal) => [
        signal,
        ...KINDS.map((kind) => {
          const all = runs.reduce((sum, run) => sum + seatedOf(run, kind).length, 0);
          const with_ = linked.reduce(
            (sum, links, index) =>
              sum + seatedOf(runs[index] as Run, kind).filter(({ id }) => links.get(signal)?.has(id)).length,
            0,
          );
          return text(all === 0 ? 0 : (with_ / all) * 100);
        }),
      ]),
    ],
  };
}
