import { bundleFileText } from "@sooth/bundles/core";
import { parseDeployment } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { commaList } from "@sooth/runtime";
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { hubUrl, rollupUrls } from "../checks/target.ts";
import { command } from "../cli/command.ts";
import { bundleOfFile, bundleOfNodes } from "../verify/bundle-source.ts";
import { readText } from "../verify/log-source.ts";
import { verifiedBundleText, verifyBundle } from "../verify/verify-bundle.ts";
import { foundHere } from "./verify.ts";

export const verifyBundleCommand = command({
  name: "verify bundle",
  about:
    "recomputes a bundle from logs and calldata of its chains alone: id, legs, evidence, outcome, escrows, fees; ends as verify question does",
  args: z.object({
    id: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, "wants 0x and 64 digits")
      .describe("the bundle, as the hub names it"),
    logs: z.string().optional().describe("a file of --save-logs: then nobody is asked anything"),
    rpc: z
      .string()
      .optional()
      .describe("a node of the hub; else HUB_RPC_URLS, else the network on this machine"),
    rollups: z
      .string()
      .optional()
      .describe("nodes of the rollups, a comma list of URLs; else ROLLUPS, else the network on this machine"),
    saveLogs: z.string().optional().describe("where to keep what was read"),
    deployment: z
      .string()
      .optional()
      .describe("the contracts to believe in; else deployments/<chainId>.json"),
    dataDir: z.string().default(".sooth").describe("data folder of the network on this machine"),
    json: z.boolean().default(false).describe("one JSON object, nothing else"),
  }),
  positional: ["id"],
  run: async ({ id, logs, rpc, rollups, saveLogs, deployment, dataDir, json }, terminal) => {
    const known = deployment === undefined ? undefined : parseDeployment(await readText(deployment));
    const bundle = id.toLowerCase() as Hex;
    const file =
      logs === undefined
        ? await bundleOfNodes(
            rpc ?? foundHere(dataDir, hubUrl),
            rollups === undefined ? foundHere(dataDir, rollupUrls) : commaList.parse(rollups),
            bundle,
            known,
          )
        : await bundleOfFile(logs);
    if (saveLogs !== undefined) await writeFile(saveLogs, bundleFileText(file));
    const verified = await verifyBundle(file, bundle, known);
    if (json) terminal.result(verified);
    else for (const line of verifiedBundleText(verified)) terminal.line(line);
    return verified.findings.length === 0 ? 0 : 1;
  },
});
