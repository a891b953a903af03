import type { Chart } from "./chart.ts";
import { type Figures, figuresOf, mean } from "./figures.ts";
import { simulate } from "./run.ts";
import { NOBODY, type Settings, settingsWith } from "./settings.ts";
import { PERCENT, type Sweep, text } from "./sweep.ts";
import { thresholds } from "./threshold-sweeps.ts";

const QUESTIONS = 10_000;
const SEEDS = [11, 12];
const runs = (changed: Partial<Settings>, seeds: readonly number[] = SEEDS): Figures =>
  mean(seeds.map((seed) => figuresOf(simulate(settingsWith({ questions: QUESTIONS, ...changed, seed })))));
const line = (
  name: string,
  rows: readonly (readonly [number, Figures])[],
  field: keyof Figures,
): Chart["lines"][number] => ({
  name,
  points: rows.map(([x, figures]) => [x, figures[field]] as const),
});
const tableOf = (
  head: string,
  rows: readonly (readonly [number, Figures])[],
  fields: Partial<Record<keyof Figures, string>>,
): string[][] => [
  [head, ...Object.values(fields)],
  ...rows.map(([x, figures]) => [
    String(x),
    ...Object.keys(fields).map((field) => text(figures[field as keyof Figures])),
  ]),
];

export const SWEEPS: readonly { name: string; run: () => Sweep[] }[] = [
  { name: "attacker's share", run: attackShare },
  { name: "detection thresholds", run: thresholds },
  { name: "supermajority", run: supermajority },
  { name: "deposit", run: deposit },
  { name: "number of providers", run: providers },
  { name: "price of a quorum", run: bribePrice },
];

function attackShare(): Sweep[] {
  const shares = [0.1, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
  const of = (kind: "colluding" | "bribed", changed: Partial<Settings>) =>
    shares.map((share) => [share * 100, runs({ mix: { ...NOBODY, [kind]: share }, ...changed })] as const);
  const clique = of("colluding", {});
  const cliqueBare = of("colluding", { ladder: false });
  const bought = of("bribed", {});
  const boughtBare = of("bribed", { ladder: false });
  const won = (rows: typeof clique, field: keyof Figures) => rows.map(([, figures]) => text(figures[field]));
  const columns = [
    won(cliqueBare, "collusionWon"),
    won(clique, "collusionWon"),
    won(clique, "invalids"),
    won(boughtBare, "bribesWon"),
    won(bought, "bribesWon"),
  ];
  return [
    {
      name: "attack-share",
      table: [
        [
          "share %",
          "collusion final, no ladder %",
          "collusion final %",
          "all invalid %",
          "bribe final, no ladder %",
          "bribe final %",
        ],
        ...shares.map((share, index) => [
          String(Math.round(share * 100)),
          ...columns.map((column) => column[index] ?? ""),
        ]),
      ],
      chart: {
        title: "Attacks that end in a wrong final answer",
        x: {
          label: "providers on the attacker's side, % of seats and of jurors",
          ticks: shares.map((s) => Math.round(s * 100)),
        },
        y: { label: "attacks that succeed, %", max: 100, ticks: PERCENT },
        lines: [
          line("clique, no disputes", cliqueBare, "collusionWon"),
          line("clique, with ladder", clique, "collusionWon"),
          line("bribed, no disputes", boughtBare, "bribesWon"),
          line("bribed, with ladder", bought, "bribesWon"),
        ],
      },
    },
  ];
}

function supermajority(): Sweep[] {
  const mix = { ...NOBODY, colluding: 0.5 };
  const values = [0.5, 0.6, 0.65, 0.7, 0.8];
  const rows = values.map((value) => [value * 100, runs({ mix, supermajority: value })] as const);
  const ofAttacks = rows.map(
    ([x, figures]) => [x, { ...figures, invalids: (figures.invalids / 0.5) * 100 }] as const,
  );
  return [
    {
      name: "supermajority",
      table: tableOf("supermajority %", ofAttacks, {
        collusionWon: "attacks final %",
        invalids: "invalid, per attack %",
        wrongFinals: "wrong finals %",
      }),
      chart: {
        title: "Half of all providers collude: what a jury's supermajority does",
        x: {
          label: "weight of a jury that decides, %",
          ticks: values.map((value) => Math.round(value * 100)),
        },
        y: { label: "of the attacks, %", max: 100, ticks: PERCENT },
        lines: [
          line("attack wins", ofAttacks, "collusionWon"),
          line("question ends invalid", ofAttacks, "invalids"),
        ],
      },
    },
  ];
}

function deposit(): Sweep[] {
  const values = [0.001, 0.005, 0.02, 0.05];
  const rows = values.map((value) => {
    const ledgers = SEEDS.map(
      (seed) =>
        simulate(
          settingsWith({ questions: QUESTIONS, mix: { ...NOBODY, colluding: 0.5 }, deposit: value, seed }),
        ).ledger,
    );
    const sum = (of: (ledger: (typeof ledgers)[number]) => number): number =>
      ledgers.reduce((total, ledger) => total + of(ledger), 0);
    const tried = sum(({ attacks }) => attacks.collusion.tried);
    return {
      value: value * 100,
      spent: sum(({ deposits }) => deposits.attackers) / tried,
      won: sum(({ prizes }) => prizes.collusion) / tried,
      disputer: sum(({ deposits }) => deposits.disputers) / sum(({ disputes }) => disputes),
    };
  });
  const most = Math.max(...rows.flatMap(({ spent, won, disputer }) => [spent, won, disputer]));
  const max = Math.ceil(most / 1_000) * 1_000;
  return [
    {
      name: "deposit",
      table: [
        [
          "deposit % of value",
          "disputer gains a dispute $",
          "attackers' deposits an attack $",
          "attackers' prize an attack $",
        ],
        ...rows.map(({ value, disputer, spent, won }) => [text(value), ...[disputer, spent, won].map(text)]),
      ],
      chart: {
        title: "Half of all providers collude: what the deposit does",
        x: {
          label: "deposit of the first dispute, % of the value at stake",
          log: true,
          ticks: [0.1, 0.5, 1, 2, 5],
        },
        y: { label: "dollars", max, ticks: [0, 0.25, 0.5, 0.75, 1].map((part) => part * max) },
        lines: [
          {
            name: "disputer's gain",
            points: rows.map(({ value, disputer }) => [value, Math.max(0, disputer)] as const),
          },
          { name: "attackers' deposits", points: rows.map(({ value, spent }) => [value, spent] as const) },
          { name: "attackers' prize", points: rows.map(({ value, won }) => [value, won] as const) },
        ],
      },
    },
  ];
}

function providers(): Sweep[] {
  const seats = [7, 13, 19, 25, 31];
  const small = seats.map((count) => [count, runs({ seats: count, questions: 40_000 })] as const);
  const large = [200, runs({ rotating: true, bench: 169, questions: 100_000 }, [11])] as const;
  const rows = [...small, large];
  return [
    {
      name: "providers",
      table: tableOf("providers", rows, {
        foundColluding: "colluding %",
        foundLazy: "lazy %",
        foundCopying: "copying %",
        falsePositives: "honest, step 2 %",
        wrongReports: "wrong reports %",
        wrongFinals: "wrong finals %",
      }),
      chart: {
        title: "Who is found, by the number of providers",
        x: {
          label: "providers (200: 31 of them answer each question)",
          log: true,
          ticks: [7, 13, 19, 31, 60, 100, 200],
        },
        y: { label: "providers found, %", max: 100, ticks: PERCENT },
        lines: [
          line("colluding", rows, "foundColluding"),
          line("honest, step 2", rows, "falsePositives"),
          line("lazy", rows, "foundLazy"),
          line("copying", rows, "foundCopying"),
        ],
      },
    },
  ];
}

/** Price over prize falls with the value: a bribe costs what the stake loses, and wins what hangs on the answer. */
function bribePrice(): Sweep[] {
  const shares = [0.05, 0.1, 0.2, 0.33, 0.5, 0.75, 1, 1.5, 2];
  const costAt = (changed: Partial<Settings>) => {
    const costs = SEEDS.map(
      (seed) => simulate(settingsWith({ questions: QUESTIONS, mix: NOBODY, ...changed, seed })).bribeCost,
    );
    const atThird = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    return shares.map((share) => [share, (atThird * (1 / 3)) / share] as const);
  };
  const calm = costAt({});
  const many = costAt({ mix: { ...NOBODY, bribed: 0.5 } });
  return [
    {
      name: "bribe-price",
      table: [
        ["value / signing stake", "price / prize, nobody tries", "price / prize, half take bribes"],
        ...shares.map((share, index) => [
          String(share),
          text(calm[index]?.[1] ?? 0),
          text(many[index]?.[1] ?? 0),
        ]),
      ],
      chart: {
        title: "What a bought quorum costs, over what a wrong final wins",
        x: {
          label: "value at stake over slashable stake that signs (shipped cap: 0.33)",
          log: true,
          ticks: [0.05, 0.1, 0.2, 0.33, 0.5, 1, 2],
        },
        y: { label: "price over prize (above 1 it does not pay)", max: 10, ticks: [0, 1, 2, 4, 6, 8, 10] },
        lines: [
          { name: "nobody tries", points: calm },
          { name: "half take bribes", points: many },
        ],
      },
    },
  ];
}
