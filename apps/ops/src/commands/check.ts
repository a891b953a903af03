import { checksOf } from "@sooth/server";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { runChecks } from "../checks/run-checks.ts";
import { openTarget } from "../checks/target.ts";
import { command } from "../cli/command.ts";

export const check = command({
  name: "check",
  about: "asks a running deployment every question that its slices have for it",
  args: z.object({
    json: z.boolean().default(false).describe("one JSON array, nothing else"),
    dataDir: z
      .string()
      .default(".sooth")
      .describe("data folder of the network on this machine, unless the environment names another"),
  }),
  run: async ({ json, dataDir }, terminal) => {
    const target = openTarget(dataDir);
    try {
      const results = await runChecks(checksOf(target.context));
      const failed = results.filter(({ ok }) => !ok);
      if (json) terminal.result(results);
      else {
        terminal.line(
          columns(
            results.map(({ id, ok, found, why }) => [
              ok ? "ok" : "FAILED",
              id,
              (found || why).split("\n")[0] ?? "",
            ]),
          ),
        );
        terminal.line(
          failed.length === 0
            ? `\n${results.length} checks, all well`
            : `\n${failed.length} of ${results.length} checks failed`,
        );
      }
      return failed.length === 0 ? 0 : 1;
    } finally {
      await target.close();
    }
  },
});
