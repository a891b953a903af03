import { THRESHOLDS, type Threshold } from "@sooth/oracle/core";
import { columns } from "../table.ts";
import { figuresOf, moneyOf } from "./figures.ts";
import { type Run, simulate } from "./run.ts";
import { type Settings, settingsWith } from "./settings.ts";

/** Few enough for a test, and every rule of the model is used: whoever changes the model changes this. */
const SMALL: Partial<Settings> = { seed: 7, questions: 3_000, scanEvery: 1_000, attacked: 0.05 };

const block = (name: string, text: string): string =>
  [`<!-- ${name} -->`, "", "```text", text, "```", "", `<!-- end of ${name} -->`].join("\n");
const ALIGN = Array.from({ length: 12 }, (_, index) => index + 1);

/** Tables of the page, by the name between whose marks they stand. */
export const blockOf = (name: string, table: readonly (readonly string[])[]): string =>
  block(name, columns(table, ALIGN));

export const smallRun = (): Run => simulate(settingsWith(SMALL));

export function runBlock(name: string, run: Run, bare: Run): string {
  const figures = Object.entries(figuresOf(run));
  const without = new Map(Object.entries(figuresOf(bare)));
  const shares = [
    ["share, %", "with ladder and monitor", "without both"],
    ...figures.map(([key, value]) => [key, short(value), short(without.get(key) ?? 0)]),
  ];
  const { ledger } = run;
  const ends = Object.entries(ledger.endedAt).map(([where, count]) => `${count} at ${where}`);
  const text = [
    columns(shares, ALIGN),
    "",
    `disputes ${ledger.disputes}, of them unfounded ${ledger.unfounded}; cases ended: ${ends.join(", ")}`,
    `wrong finals cost ${dollars(ledger.harm)}, without the ladder ${dollars(bare.ledger.harm)}; insurance took in ${dollars(ledger.insurance)}, burned ${dollars(ledger.burned)}`,
    `disputers gained ${dollars(ledger.deposits.disputers)}; bribes paid ${dollars(ledger.bribes)}, won by them ${dollars(ledger.prizes.bribe)}; cliques won ${dollars(ledger.prizes.collusion)}`,
    `price of a quorum over its prize, at the most value that the stake secures: ${short(run.bribeCost)}`,
    "",
    "dollars a provider and year",
    columns(moneyOf(run), ALIGN),
  ];
  return block(name, text.join("\n"));
}

export const thresholdsBlock = (): string =>
  blockOf("thresholds", [
    ["threshold", "ships", "from", "to", "unit"],
    ...Object.entries(THRESHOLDS as Record<string, Threshold>).map(([name, { value, min, max, unit }]) => [
      name,
      String(value),
      String(min),
      String(max),
      unit,
    ]),
  ]);

/** `page` with every block in place of the one of its name. Marks that the page lacks are an error, not a silent loss. */
export function fill(page: string, blocks: readonly string[]): string {
  return blocks.reduce((text, fresh) => {
    const name = /<!-- (.+?) -->/.exec(fresh)?.[1] ?? "";
    const begin = text.indexOf(`<!-- ${name} -->`);
    const mark = `<!-- end of ${name} -->`;
    const end = text.indexOf(mark);
    if (begin < 0 || end < begin) throw new RangeError(`the page has no marks for ${name}`);
    return text.slice(0, begin) + fresh + text.slice(end + mark.length);
  }, page);
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
const dollars = (value: number): string => `$${Math.round(value).toLocaleString("en-US")}`;
