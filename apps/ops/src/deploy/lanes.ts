import { escrowAbi } from "@sooth/abi";
import { limitsAstray } from "@sooth/bundles";
import { type StatedLimit, statedText } from "@sooth/bundles/core";
import { type Chain, computeAddresses, walletOf } from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { OpsError } from "../ops-error.ts";
import { type DeployArgs, paramsOf } from "./params.ts";

const escrowOf = (args: DeployArgs, chainId: number): Address =>
  computeAddresses(paramsOf(args, chainId)).escrow;

/** A line for each limit that is stated of this chain, and what is there now. */
export async function laneLines(
  args: DeployArgs,
  chainId: number,
  chain: Chain | undefined,
  stated: readonly StatedLimit[],
): Promise<string[]> {
  if (stated.length === 0) return ["limits of its escrow (BUNDLES_LANES): none stated"];
  const astray = chain && (await limitsAstray(chain, escrowOf(args, chainId), stated));
  const now = (limit: StatedLimit): string => {
    if (!astray) return "not asked";
    const other = astray.find((one) => one.limit === limit);
    return other ? `to be set, now ${other.found}` : "as stated";
  };
  return [
    "limits of its escrow (BUNDLES_LANES):",
    ...stated.map((limit) => `  ${statedText(limit)}: ${now(limit)}`),
  ];
}

/**
 * Sets the limits that are not as stated; the others are left alone, for setting one again makes it strict again. The escrow
 * stands.
 * @returns calls that are the governor's to send, where the key is not his
 * @throws ops.reverted
 */
export async function applyLanes(
  o: { chain: Chain; deployerKey: string; args: DeployArgs; stated: readonly StatedLimit[] },
  onStep: (text: string) => void,
): Promise<string[]> {
  const { chain, args, stated } = o;
  const account = privateKeyToAccount(o.deployerKey as Hex);
  const escrow = escrowOf(args, chain.definition.id);
  const isGovernor = sameAddress(account.address, args.proposer);
  const left: string[] = [];
  for (const { limit } of await limitsAstray(chain, escrow, stated)) {
    const data = callOf(limit);
    const what = statedText(limit);
    if (!isGovernor) {
      left.push(`${what}: for the governor, ${args.proposer}, to ${escrow}: ${data}`);
      continue;
    }
    onStep(`${chain.definition.name}: setting ${what}`);
    const transaction = await walletOf(chain, account).sendTransaction({ to: escrow, data });
    const { status } = await chain.client.waitForTransactionReceipt({
      hash: transaction,
      pollingInterval: chain.definition.pollMs,
    });
    if (status !== "success") throw OpsError.reverted({ purpose: `setting ${what}`, transaction });
  }
  return left;
}

const callOf = ({ other, token, perHour }: StatedLimit): Hex =>
  other === null
    ? encodeFunctionData({ abi: escrowAbi, functionName: "setLimit", args: [token, perHour] })
    : encodeFunctionData({
        abi: escrowAbi,
        functionName: "setLaneLimit",
        args: [BigInt(other), token, perHour],
      });
