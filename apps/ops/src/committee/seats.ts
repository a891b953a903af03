import { committeeAbi } from "@sooth/abi";
import { type Chain, readDeployment, revertOf } from "@sooth/chain";
import { type Address, sameAddress } from "@sooth/kernel";
import { replaceCall } from "@sooth/markets";
import { COMMITTEE, type MemberSignature, type Replacement } from "@sooth/markets/core";
import { concatHex, getAbiItem, keccak256 } from "viem";
import type { HubTarget } from "../checks/target.ts";
import { OpsError } from "../ops-error.ts";

/** Who sits, as the chain says it. */
export type Seats = { address: Address; members: Address[]; replacements: number };

/** Blocks a request: small enough for every node. */
const BLOCKS_EACH = 1_000n;
const SEATED = getAbiItem({ abi: committeeAbi, name: "Seated" });

/** @throws ops.no_committee */
export async function seatsOf({ hub, addresses }: Pick<HubTarget, "hub" | "addresses">): Promise<Seats> {
  const { committee: address } = addresses;
  const chainId = hub.definition.id;
  const code = address && (await hub.client.getCode({ address }));
  if (address === undefined || code === undefined || code === "0x") throw OpsError.no_committee({ chainId });
  const at = { address, abi: committeeAbi } as const;
  const [hash, replacements] = await Promise.all([
    hub.client.readContract({ ...at, functionName: "membersHash" }),
    hub.client.readContract({ ...at, functionName: "replacements" }),
  ]);
  const startBlock = BigInt((await readDeployment(chainId))?.startBlock ?? 0);
  // From the head back: the last that were seated are the ones that sit, and their hash says so whatever the node tells.
  for (let to = await hub.client.getBlockNumber({ cacheTime: 0 }); to >= startBlock; to -= BLOCKS_EACH) {
    const from = to - BLOCKS_EACH + 1n > startBlock ? to - BLOCKS_EACH + 1n : startBlock;
    const logs = await hub.client.getLogs({ address, event: SEATED, fromBlock: from, toBlock: to });
    const seated = logs.find(({ args }) => args.members && keccak256(concatHex(args.members)) === hash);
    if (seated?.args.members)
      return {
        address,
        members: seated.args.members.map((member) => member.toLowerCase() as Address),
        replacements: Number(replacements),
      };
  }
  throw OpsError.no_committee({ chainId });
}

const staleFor = (why: string) => OpsError.stale_proposal({ why });

/** Whether it is of this committee as it sits now. @throws ops.stale_proposal */
export function requireCurrent(hub: Chain, seats: Seats, replacement: Replacement, now: number): void {
  const { chainId, committee, number, sitting, expiresAt } = replacement;
  if (chainId !== hub.definition.id || !sameAddress(committee, seats.address))
    throw staleFor(`it is of the committee ${committee} on chain ${chainId}`);
  if (number !== seats.replacements + 1 || sitting.join() !== seats.members.join())
    throw staleFor(`it is number ${number}, and the members were replaced ${seats.replacements} times since`);
  if (now > expiresAt) throw staleFor(`it ended at ${expiresAt}`);
}

/**
 * What the committee says of these signatures, by trying them at the chain's head: of keys and of members that are contracts alike.
 * Null: they are enough. @throws chain.rpc_unreachable
 */
export async function refusalOf(
  hub: Chain,
  replacement: Replacement,
  signatures: readonly MemberSignature[],
): Promise<{ name: string; text: string } | null> {
  try {
    await hub.client.call({ to: replacement.committee, data: replaceCall({ ...replacement, signatures }) });
    return null;
  } catch (error) {
    const revert = revertOf(error, committeeAbi);
    if (revert === null) throw error;
    return revert;
  }
}

/** @throws ops.bad_signature where the committee does not take it, or the member does not sit */
export async function requireCounts(
  hub: Chain,
  replacement: Replacement,
  signed: MemberSignature,
): Promise<void> {
  const { member } = signed;
  if (!replacement.sitting.includes(member))
    throw OpsError.bad_signature({ member, why: "who signs does not sit in the committee" });
  const refusal = await refusalOf(hub, replacement, [signed]);
  // One alone is never enough: that says that it counts.
  if (refusal !== null && refusal.name !== "Committee_TooFew")
    throw OpsError.bad_signature({ member, why: refusal.text });
}

export const missingOf = ({ signatures }: Replacement): number =>
  Math.max(0, COMMITTEE.needed - signatures.length);
