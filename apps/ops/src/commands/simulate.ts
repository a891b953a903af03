import {
  campaign,
  type Counts,
  MUTANTS,
  planOf,
  planText,
  shrink,
  simulate as play,
} from "@sooth/bundles/simulator";
import { z } from "zod";
import { wishesOf } from "../bundle/wishes.ts";
import { command, type Terminal } from "../cli/command.ts";

const whole = z.coerce.number("wants a whole number").int();
const NAMES = MUTANTS.map(({ name }) => name);

export const simulate = command({
  name: "simulate",
  about:
    "plays bundles over several chains from a seed, with reorgs, pauses, censorship, crashes and lies; ends with 1 on a violation",
  args: z.object({
    seed: whole.min(0).default(1).describe("the same number plays the same schedule, step by step"),
    schedules: whole
      .min(1)
      .default(1)
      .describe("so many, from consecutive seeds, until one violates something"),
    deep: z
      .boolean()
      .default(false)
      .describe("a chain takes back what was final: then only attesters promise anything"),
    chains: whole.min(1).max(32).optional().describe("so many, the hub's with them: 10, 20, 30 and on"),
    blockSeconds: z
      .string()
      .optional()
      .describe("between blocks, on the average: 2, or 12,1,1 for each chain, the hub's first"),
    finality: z
      .string()
      .optional()
      .describe("what attesters wait for: 5 blocks, safe, finalized, or finalized,3,3 for each chain"),
    bundles: whole.min(1).max(64).optional().describe("so many at once"),
    liars: whole.min(0).max(5).optional().describe("of five attesters, of whom three are a quorum"),
    faults: z
      .string()
      .optional()
      .describe(
        'none, or such as "halt 20 30-120, reorg 10 3@45, crash relayer-0 5-90", in place of drawn ones',
      ),
    lanes: z
      .string()
      .optional()
      .describe(
        'none, or such as "20>30 500, 10 2000": so many units for bundles with legs on 30 too, or of all, in 10 minutes; in place of drawn ones',
      ),
    legs: z
      .string()
      .optional()
      .describe("a file of legs as bundle quote takes it: plays that bundle; which legs fail is drawn"),
    hub: whole.min(1).default(31_337).describe("chain of the hub, for --legs"),
    broken: z.enum(NAMES).optional().describe("breaks a rule on purpose, to see how it is found"),
    json: z.boolean().default(false).describe("one JSON value, nothing else"),
  }),
  run: async ({ schedules, deep, broken, json, ...told }, terminal) => {
    const { seed } = told;
    const wishes = await wishesOf(told);
    const mutant = MUTANTS.find(({ name }) => name === broken);
    const twist = mutant?.twist ?? {};
    const isDeep = deep || mutant?.deep;
    if (schedules === 1) {
      const plan = planOf(seed, isDeep ?? false, wishes);
      const run = play(plan, twist, true);
      if (json) terminal.result({ seed, plan: planText(plan), ...run });
      else show(terminal, planText(plan), run.trace, `${run.endings.join(", ")} after ${run.seconds} s`);
      return run.violation === null ? 0 : 1;
    }
    const counts = campaign({ seed, schedules, twist, deep: isDeep, wishes });
    const least = counts.found && shrink(counts.found.plan, twist, counts.found.violation);
    const { found, ...all } = counts;
    if (json)
      terminal.result({
        ...all,
        found: found && { seed: found.seed, ...found.violation, least: least && planText(least.plan) },
      });
    else if (least) show(terminal, planText(least.plan), least.run.trace, foundText(counts));
    else terminal.line(foundText(counts));
    return found === null ? 0 : 1;
  },
});

function show(terminal: Terminal, plan: readonly string[], trace: readonly string[], end: string): void {
  for (const line of plan) terminal.line(line);
  terminal.line();
  for (const line of trace) terminal.line(line);
  terminal.line();
  terminal.line(end);
}

function foundText({ schedules, bundles, endings, found }: Counts): string {
  const ends = Object.entries(endings).map(([name, count]) => `${count} ${name}`);
  const played = `${schedules} schedules, ${bundles} bundles: ${ends.join(", ")}`;
  return found === null
    ? `${played}; nothing violated`
    : `${played}; seed ${found.seed} violates ${found.violation.rule}: ${found.violation.what}`;
}
