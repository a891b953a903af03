import { type Chain, deploy, deploymentText } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { type DeployArgs, paramsOf } from "./params.ts";

/** Sends what is missing and writes the address book `folder/<chainId>.json`. Doing it twice changes nothing. */
export async function applyDeployment(
  o: { chain: Chain; deployerKey: string; args: DeployArgs; folder: string },
  onStep: (text: string) => void,
): Promise<{ file: string; deployed: string[] }> {
  const { chain, args } = o;
  const params = paramsOf(args, chain.definition.id);
  const account = privateKeyToAccount(o.deployerKey as Hex);
  const { addresses, startBlock, deployed } = await deploy({
    chain,
    account,
    params,
    role: args.role,
    onStep,
  });
  const book = deploymentText({ chainId: chain.definition.id, params, addresses, startBlock });
  mkdirSync(o.folder, { recursive: true });
  const file = path.join(o.folder, `${chain.definition.id}.json`);
  writeFileSync(file, book);
  return { file, deployed };
}
