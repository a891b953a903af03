import path from "node:path";
import { z } from "zod";
import { command } from "../cli/command.ts";
import { applyDeployment } from "../deploy/apply.ts";
import { applyLanes, laneLines } from "../deploy/lanes.ts";
import { deployArgs } from "../deploy/params.ts";
import { namedChain, planned, planText, refuseTestDollar } from "../deploy/plan.ts";
import { OpsError } from "../ops-error.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../../../deployments");

export const deployPlan = command({
  name: "deploy plan",
  about: "says what would be deployed where; the chain is the environment's HUB_CHAIN_ID and HUB_RPC_URLS",
  args: deployArgs,
  run: async (args, terminal) => {
    const where = namedChain();
    const { chain, chainId, name, lanes } = where;
    try {
      terminal.line(planText(args, { chainId, name }, await planned(args, where)));
      terminal.line(["", ...(await laneLines(args, chainId, chain, lanes))].join("\n"));
      if (!chain)
        terminal.line("\nNo HUB_RPC_URLS, so no chain was asked: addresses follow from what is built.");
      return 0;
    } finally {
      await chain?.close();
    }
  },
});

export const deployApply = command({
  name: "deploy apply",
  about:
    "deploys what is missing with DEPLOYER_KEY, sets what BUNDLES_LANES states of the chain where that key governs, and writes deployments/<chainId>.json; ends with 1 where the governor has calls left to send",
  args: deployArgs.extend({
    folder: z.string().default(FOLDER).describe("where the address book goes; deployments/"),
  }),
  run: async ({ folder, ...args }, terminal) => {
    const { chain, chainId, name, deployerKey, lanes } = namedChain();
    if (!chain) throw OpsError.no_key({ key: "HUB_RPC_URLS", why: "no chain to deploy to" });
    try {
      if (deployerKey === undefined)
        throw OpsError.no_key({ key: "DEPLOYER_KEY", why: "somebody has to pay the gas" });
      refuseTestDollar(args, chain);
      const tell = (text: string) => terminal.line(text);
      const done = await applyDeployment({ chain, deployerKey, args, folder }, tell);
      const left = await applyLanes({ chain, deployerKey, args, stated: lanes }, tell);
      terminal.line(planText(args, { chainId, name }, await planned(args, { chainId, chain })));
      terminal.line(["", ...(await laneLines(args, chainId, chain, lanes))].join("\n"));
      const news =
        done.deployed.length === 0 ? "everything was there" : `deployed ${done.deployed.join(", ")}`;
      terminal.line(`\n${news}; written to ${path.relative(process.cwd(), done.file)}`);
      for (const line of left) terminal.complain(line);
      return left.length === 0 ? 0 : 1;
    } finally {
      await chain.close();
    }
  },
});
