import { JOBS } from "@sooth/server";
import { openQueue, type Queue } from "@sooth/store";
import { z } from "zod";
import { columns } from "../bench/table.ts";
import { command } from "../cli/command.ts";
import { OpsError } from "../ops-error.ts";
import { tableArgs, withTables } from "../tables.ts";

const withQueue = (dataDir: string, run: (queue: Queue) => Promise<void>): Promise<number> =>
  withTables(dataDir, async (store) => {
    const queue = await openQueue(store, { jobs: JOBS });
    try {
      await run(queue);
    } finally {
      await queue.stop();
    }
  });

export const jobList = command({
  name: "job list",
  about: "shows the worker's jobs: how many wait, run and failed, and those that failed every time",
  args: z.object(tableArgs),
  run: ({ json, dataDir }, terminal) =>
    withQueue(dataDir, async (queue) => {
      const [depth, dead] = await Promise.all([queue.depth(), queue.dead()]);
      if (json) return terminal.result({ jobs: depth, dead });
      const rows = Object.entries(depth).map(([name, { queued, active, failed, dead: died }]) => [
        name,
        ...[queued, active, failed, died].map(String),
      ]);
      terminal.line(columns([["job", "waiting", "running", "failed", "dead"], ...rows], [1, 2, 3, 4]));
      for (const { job, diedAt, error } of dead)
        terminal.line(`${diedAt.toISOString()}  ${job}: ${messageOf(error)}`);
      return undefined;
    }),
});

export const jobRetry = command({
  name: "job retry",
  about: "has a job's dead ones run again; what they did before is looked at, not done twice",
  args: z.object({ job: z.string().describe("as the list names it"), ...tableArgs }),
  positional: ["job"],
  run: ({ job, json, dataDir }, terminal) =>
    withQueue(dataDir, async (queue) => {
      if (!JOBS.includes(job))
        throw OpsError.bad_argument({
          command: "job retry",
          argument: "job",
          wrong: `is one of ${JOBS.join(", ")}`,
        });
      const retried = await queue.retryDead(job);
      if (json) terminal.result({ retried });
      else terminal.line(`${retried} run again`);
    }),
});

const messageOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : "no reason told";
