import { type Chain, chainById, computeAddresses, EVERYWHERE, openChain } from "@sooth/chain";
import type { StatedLimit } from "@sooth/bundles/core";
import { loadEnvironment } from "@sooth/server";
import { columns } from "../bench/table.ts";
import { OpsError } from "../ops-error.ts";
import { type DeployArgs, paramsOf } from "./params.ts";

export type PlannedRow = { name: string; address: string; state: "there" | "missing" | "not asked" };

/** The chain that the environment names (HUB_CHAIN_ID, HUB_RPC_URLS); no chain to ask without RPC URLs. */
export function namedChain(): {
  chainId: number;
  name: string;
  chain: Chain | undefined;
  deployerKey: string | undefined;
  /** What the environment states of limits on this chain. */
  lanes: StatedLimit[];
} {
  const config = loadEnvironment();
  const definition = chainById(config.HUB_CHAIN_ID);
  const rpcUrls = config.HUB_RPC_URLS;
  return {
    chainId: definition.id,
    name: definition.name,
    chain: rpcUrls.length > 0 ? openChain({ definition, rpcUrls }) : undefined,
    deployerKey: config.DEPLOYER_KEY,
    lanes: config.BUNDLES_LANES.filter(({ chainId }) => chainId === definition.id),
  };
}

const NAMES = {
  collateral: "collateral",
  wiring: "Wiring",
  timelock: "Timelock",
  policy: "Policy",
  guard: "Guard",
  slasher: "Slasher",
  epochs: "Epochs",
  stakeManager: "StakeManager",
  oracle: "Oracle",
  markets: "Markets",
  opinions: "Opinions",
  outcomeTokens: "OutcomeTokens",
  committee: "Committee",
  beacon: "DrandBeacon",
  ladder: "Ladder",
  court: "Court",
  feeds: "Feeds",
  gateway: "Gateway",
  assertions: "Assertions",
  attesters: "Attesters",
  settler: "Settler",
  escrow: "Escrow",
  bundleHub: "BundleHub",
  orders: "Orders",
  hashLocks: "HashLocks",
  bundleResolver: "BundleResolver",
  messageGateway: "MessageGateway",
} as const;

/** Every contract that these arguments mean, and whether it is on the chain already. */
export async function planned(
  args: DeployArgs,
  { chainId, chain }: Pick<ReturnType<typeof namedChain>, "chainId" | "chain">,
): Promise<PlannedRow[]> {
  const addresses = computeAddresses(paramsOf(args, chainId));
  const wanted = args.role === "hub" ? (Object.keys(NAMES) as (keyof typeof NAMES)[]) : EVERYWHERE;
  const rows = wanted.flatMap((key) => {
    const address = addresses[key];
    return address ? [{ name: NAMES[key], address }] : [];
  });
  return Promise.all(rows.map(async (row) => ({ ...row, state: await stateOf(chain, row.address) })));
}

async function stateOf(chain: Chain | undefined, address: `0x${string}`): Promise<PlannedRow["state"]> {
  if (!chain) return "not asked";
  return (await chain.client.getCode({ address })) === undefined ? "missing" : "there";
}

export function planText(
  args: DeployArgs,
  { chainId, name }: Pick<ReturnType<typeof namedChain>, "chainId" | "name">,
  rows: readonly PlannedRow[],
): string {
  const params = Object.entries(paramsOf(args, chainId)).map(([key, value]) => [
    key,
    value === undefined
      ? key === "collateral"
        ? "test dollar"
        : "none"
      : typeof value === "object"
        ? JSON.stringify(value, bigintText)
        : String(value),
  ]);
  return [
    `on ${name} (chain ${chainId}), as ${args.role}:`,
    "",
    columns(rows.map(({ name, address, state }) => [`  ${name}`, address, state])),
    "",
    "built with (for ever; amounts in millionths of the collateral):",
    columns(params.map(([key = "", value = ""]) => [`  ${key}`, value])),
  ].join("\n");
}

const bigintText = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);

/** @throws ops.bad_argument where a test dollar would stand for real money */
export function refuseTestDollar(args: DeployArgs, chain: Chain): void {
  if (
    args.collateral !== undefined ||
    chain.definition.viem.testnet ||
    chain.definition.name.startsWith("local-")
  )
    return;
  throw OpsError.bad_argument({
    command: "deploy apply",
    argument: "--collateral",
    wrong: `${chain.definition.name} holds real money: name its token`,
  });
}
