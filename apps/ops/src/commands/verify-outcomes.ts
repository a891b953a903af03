import { parseDeployment } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import { hubUrl } from "../checks/target.ts";
import { command } from "../cli/command.ts";
import { readText } from "../verify/log-source.ts";
import { verifiedOutcomesText, verifyOutcomes } from "../verify/verify-outcomes.ts";
import { foundHere } from "./verify.ts";

export const verifyOutcomesCommand = command({
  name: "verify outcomes",
  about:
    "replays all outcome tokens from the chain alone: holders, supply against collateral for every answer, settlements, matches; ends as verify question does",
  args: z.object({
    question: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "wants 0x and 64 digits")
      .optional()
      .describe("tells what differs of this question alone"),
    rpc: z.string().optional().describe("a node; else HUB_RPC_URLS, else the network on this machine"),
    deployment: z
      .string()
      .optional()
      .describe("the contracts to believe in; else deployments/<chainId>.json"),
    dataDir: z.string().default(".sooth").describe("data folder of the network on this machine"),
    json: z.boolean().default(false).describe("one JSON object, nothing else"),
  }),
  positional: ["question"],
  run: async ({ question, rpc, deployment, dataDir, json }, terminal) => {
    const verified = await verifyOutcomes(rpc ?? foundHere(dataDir, hubUrl), {
      deployment: deployment === undefined ? undefined : parseDeployment(await readText(deployment)),
      only: question === undefined ? null : (question.toLowerCase() as Hex),
    });
    if (json) terminal.result(verified);
    else for (const line of verifiedOutcomesText(verified)) terminal.line(line);
    return verified.findings.length === 0 ? 0 : 1;
  },
});
