import { z } from "zod";
import { analyst } from "../bench/analyst/index.ts";
import { answers } from "../bench/answers.ts";
import { api } from "../bench/api.ts";
import { bundles } from "../bench/bundles/index.ts";
import { bundlesSim } from "../bench/bundles-sim.ts";
import { follower } from "../bench/follower.ts";
import { gas } from "../bench/gas.ts";
import { isMissed, machineFacts, type Measurement } from "../bench/measurement.ts";
import { oracleSim } from "../bench/oracle-sim/index.ts";
import { opinions } from "../bench/opinions.ts";
import { pages } from "../bench/pages.ts";
import { payout } from "../bench/payout.ts";
import { ready } from "../bench/ready.ts";
import { search } from "../bench/search/index.ts";
import { asJson, table } from "../bench/table.ts";
import { command } from "../cli/command.ts";
import { receipts } from "../bench/receipts.ts";
import { OpsError } from "../ops-error.ts";
import { quietLogs } from "../quiet-logs.ts";

const PARTS = [
  gas,
  payout,
  oracleSim,
  follower,
  answers,
  receipts,
  api,
  pages,
  ready,
  analyst,
  search,
  opinions,
  bundlesSim,
  bundles,
];
const NAMES = PARTS.map((part) => part.name);
const KEPT_LOG_LINES = 15;
const whole = z.coerce.number("wants a whole number").int();

export const bench = command({
  name: "bench",
  about: `measures (${NAMES.join(", ")}), each figure beside a reference; ends with 1 where a promise is missed`,
  args: z.object({
    name: z.enum(NAMES).optional().describe("one part; all of them when not given"),
    json: z.boolean().default(false).describe("one JSON object of name: {value, unit, reference, ratio}"),
    pictures: z
      .string()
      .optional()
      .describe("folder for curves (oracle-sim: sweeps too, some minutes; fills ../oracle-simulation.md)"),
    opinions: z
      .string()
      .optional()
      .describe("file of statements with labelled opinions (analyst, search), one JSON a line"),
    among: z
      .string()
      .optional()
      .describe("file of more statements, which those asked for stand among (search)"),
    chromium: z.string().optional().describe("the browser's program (pages)"),
    schedules: whole.min(1).optional().describe("how many are played (bundles-sim)"),
    seed: whole.min(0).optional().describe("the first of them (bundles-sim)"),
    rates: z
      .string()
      .regex(/^\d{1,5}(,\d{1,5})*$/, "wants whole numbers with commas between")
      .transform((text) => text.split(",").map(Number))
      .optional()
      .describe("bundles a second, one after the other up to the first that is not held (bundles)"),
    seconds: whole.min(1).max(600).optional().describe("for how long each of them (bundles)"),
  }),
  positional: ["name"],
  run: async (
    { name, json, pictures, opinions, among, chromium, schedules, seed, rates, seconds },
    terminal,
  ) => {
    const logs = quietLogs(KEPT_LOG_LINES);
    const found: Measurement[] = [];
    try {
      const options = { pictures, opinions, among, chromium, schedules, seed, rates, seconds };
      const asked = PARTS.filter((one) => name === undefined || one.name === name);
      for (const part of asked) {
        if (part.needs !== undefined && options[part.needs] === undefined) {
          if (name === undefined) continue;
          throw OpsError.bad_argument({
            command: `bench ${name}`,
            argument: `--${part.needs}`,
            wrong: "is needed",
          });
        }
        if (!json) terminal.line(`${part.name}: ${part.about}`);
        const rows = await part.run((text) => void (json || terminal.line(`  · ${text}`)), options);
        found.push(...rows);
        if (!json) terminal.line(`\n${table(rows)}\n`);
      }
    } catch (error) {
      for (const line of logs()) terminal.complain(line);
      throw error;
    }
    if (json) terminal.result(asJson(found));
    else terminal.line(machineFacts());
    const missed = found.filter(isMissed);
    for (const { name, value, unit, reference } of missed)
      terminal.complain(`${name} is ${value} ${unit}, and ${reference} was promised`);
    return missed.length === 0 ? 0 : 1;
  },
});
