import { readFile } from "node:fs/promises";
import { localHub, localRollupA, localRollupB } from "../chains/index.ts";
import { computeAddresses } from "./addresses.ts";
import { type Addresses, type DeployParams, localParams } from "./params.ts";

/** What `deployments/<chainId>.json` holds. A rollup's file names the hub's contracts too: they are the same everywhere. */
export type Deployment = {
  chainId: number;
  params: DeployParams;
  addresses: Addresses;
  /** Where following starts; 0 when not known. */
  startBlock?: number;
};

const FOLDER = new URL("../../../../deployments/", import.meta.url);
const AMOUNTS = new Set([
  "minStake",
  "minMarketStake",
  "valueLimit",
  "accusationBond",
  "accusationFee",
  "assertionReward",
  "creationFee",
  "leastStake",
  "mostStake",
  "commitTier",
]);

export const deploymentText = (deployment: Deployment): string =>
  `${JSON.stringify(deployment, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2)}\n`;

export function parseDeployment(text: string): Deployment {
  return JSON.parse(text, (key, value: unknown) =>
    AMOUNTS.has(key) ? BigInt(value as string) : value,
  ) as Deployment;
}

/** The deployment of a chain, or undefined when there is none. */
export async function readDeployment(chainId: number): Promise<Deployment | undefined> {
  const text = await readFile(new URL(`${chainId}.json`, FOLDER), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    },
  );
  return text === undefined ? undefined : parseDeployment(text);
}

/** Name and text of the files of the local chains, whose contracts stand where their code says. Generated. */
export function localDeploymentFiles(): { name: string; text: string }[] {
  return [localHub, localRollupA, localRollupB].map(({ id }) => ({
    name: `${id}.json`,
    text: deploymentText({ chainId: id, params: localParams, addresses: computeAddresses(localParams) }),
  }));
}
