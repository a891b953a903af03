import type { Chain } from "@sooth/chain";
import { type Address, sameAddress } from "@sooth/kernel";
import { encodeAbiParameters, hexToBigInt, keccak256, type Hex } from "viem";
import type { StatedLimit } from "../core/index.ts";

/** Where the contract keeps them (contracts/snapshots/storage/Escrow.txt): it tells what there is room for, not what was set. */
const SLOTS = { buckets: 1n, lanes: 2n } as const;
const PER_HOUR = 2n ** 96n - 1n;

const within = (type: "address" | "uint64", key: Address | bigint, mapping: bigint): bigint =>
  hexToBigInt(keccak256(encodeAbiParameters([{ type }, { type: "uint256" }], [key as never, mapping])));

/** Units an hour, as its governor last set it; 0: nothing bounds it. @throws chain.rpc_unreachable */
export async function limitSet(
  { client }: Pick<Chain, "client">,
  escrow: Address,
  { other, token }: Pick<StatedLimit, "other" | "token">,
): Promise<bigint> {
  const mapping = other === null ? SLOTS.buckets : within("uint64", BigInt(other), SLOTS.lanes);
  const slot: Hex = `0x${within("address", token, mapping).toString(16).padStart(64, "0")}`;
  const word = await client.getStorageAt({ address: escrow, slot });
  return hexToBigInt(word ?? "0x0") & PER_HOUR;
}

/** Those of the stated limits of a chain that are set otherwise, and how. */
export async function limitsAstray(
  chain: Chain,
  escrow: Address,
  stated: readonly StatedLimit[],
): Promise<{ limit: StatedLimit; found: bigint }[]> {
  const own = stated.filter(({ chainId }) => chainId === chain.definition.id);
  const all = await Promise.all(
    own.map(async (limit) => ({ limit, found: await limitSet(chain, escrow, limit) })),
  );
  return all.filter(({ limit, found }) => found !== limit.perHour);
}

export const isStated = (
  stated: readonly StatedLimit[],
  lane: { chainId: number; other: number; token: Address },
): boolean =>
  stated.some(
    ({ chainId, other, token }) =>
      chainId === lane.chainId && other === lane.other && sameAddress(token, lane.token),
  );
