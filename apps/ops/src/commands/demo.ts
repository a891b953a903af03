import { z } from "zod";
import { command } from "../cli/command.ts";
import { reportJson, reportText } from "../demo/report.ts";
import { runDemo } from "../demo/run-demo.ts";
import { quietLogs } from "../quiet-logs.ts";

const KEPT_LOG_LINES = 15;

export const demo = command({
  name: "demo",
  about: "plays five markets on real prices in a throwaway network, then counts every pay-out again",
  args: z.object({
    json: z.boolean().default(false).describe("one JSON object, nothing else"),
    prices: z.string().optional().describe("a CSV of date,value with at least five days in a row"),
    seed: z.coerce
      .number("wants a whole number")
      .int()
      .min(0)
      .default(1)
      .describe("other stakes for another number"),
    killServer: z.coerce
      .number("wants a whole number")
      .int()
      .min(0)
      .max(100)
      .default(0)
      .describe("kill the server with -9 that often at random moments"),
  }),
  run: async ({ json, prices, seed, killServer }, terminal) => {
    const logs = quietLogs(KEPT_LOG_LINES);
    const tell = json ? () => {} : (text: string) => terminal.line(text);
    try {
      const result = await runDemo({ prices, seed, kills: killServer, tell });
      if (json) terminal.result(reportJson(result));
      else terminal.line(reportText(result));
      return result.audit.differences.length === 0 ? 0 : 1;
    } catch (error) {
      for (const line of logs()) terminal.complain(line);
      throw error;
    }
  },
});
