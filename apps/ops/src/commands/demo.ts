import { z } from "zod";
import { command } from "../cli/command.ts";
import { opinionsJson, opinionsText } from "../demo/opinions/report.ts";
import { runOpinions } from "../demo/opinions/run-opinions.ts";
import { reportJson, reportText } from "../demo/report.ts";
import { runDemo } from "../demo/run-demo.ts";
import { OpsError } from "../ops-error.ts";
import { quietLogs } from "../quiet-logs.ts";

const KEPT_LOG_LINES = 15;
const MOST_OPINIONS = 1_000;
const whole = z.coerce.number("wants a whole number").int();

export const demo = command({
  name: "demo",
  about: "plays five markets on real prices in a throwaway network, then counts every pay-out again",
  args: z.object({
    json: z.boolean().default(false).describe("one JSON object, nothing else"),
    prices: z.string().optional().describe("a CSV of date,value with at least five days in a row"),
    opinions: z
      .string()
      .optional()
      .describe(
        "plays opinion markets instead: a file of statements with labelled opinions, one JSON a line",
      ),
    each: whole
      .min(2)
      .max(MOST_OPINIONS)
      .default(40)
      .describe("with --opinions: how many stake in a market at most"),
    seed: whole.min(0).default(1).describe("other stakes for another number"),
    killServer: whole
      .min(0)
      .max(100)
      .default(0)
      .describe(
        "kill the server with -9 that often at random moments; with --opinions, it or the providers while all is settled",
      ),
  }),
  run: async ({ json, prices, opinions, each, seed, killServer: kills }, terminal) => {
    if (prices !== undefined && opinions !== undefined)
      throw OpsError.bad_argument({
        command: "demo",
        argument: "--opinions",
        wrong: "is played without --prices",
      });
    const logs = quietLogs(KEPT_LOG_LINES);
    const tell = json ? () => {} : (text: string) => terminal.line(text);
    const show = (found: { json: () => unknown; text: () => string; differences: readonly string[] }) => {
      if (json) terminal.result(found.json());
      else terminal.line(found.text());
      return found.differences.length === 0 ? 0 : 1;
    };
    try {
      if (opinions !== undefined) {
        const result = await runOpinions({ file: opinions, each, seed, kills, tell });
        const { differences } = result.audit;
        return show({ json: () => opinionsJson(result), text: () => opinionsText(result), differences });
      }
      const result = await runDemo({ prices, seed, kills, tell });
      const { differences } = result.audit;
      return show({ json: () => reportJson(result), text: () => reportText(result), differences });
    } catch (error) {
      for (const line of logs()) terminal.complain(line);
      throw error;
    }
  },
});
