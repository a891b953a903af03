import { BaseError, ContractFunctionRevertedError, parseAbi, type PublicClient } from "viem";

/**
 * What a chain takes for the bytes of a transaction beside its gas, in wei: rollups of Optimism's kind publish them on the chain
 * below, and take its price. Nothing elsewhere; Arbitrum's estimates have it in the gas.
 */
export type ByteFees = { base: bigint; perByte: bigint };

export const NO_BYTE_FEES: ByteFees = { base: 0n, perByte: 0n };

/** Their gas price oracle; the same address on each of them. Source: OP stack predeploys. */
const ORACLE = "0x420000000000000000000000000000000000000F";
const ORACLE_ABI = parseAbi(["function getL1FeeUpperBound(uint256 unsignedTxSize) view returns (uint256)"]);
/** Nodes keep no transaction above this. */
const MOST_BYTES = 131_072n;
/** Divided once, so that a chain whose bytes cost less than a wei each is not taken for one that is free. */
const upBy = (wei: bigint, parts: bigint): bigint => (wei + parts - 1n) / parts;

const asked = new WeakMap<PublicClient, Promise<boolean>>();

/** Whether a chain has that oracle: it has it from its beginning, or never. What failed is asked anew. */
function hasOracle(client: PublicClient): Promise<boolean> {
  const known = asked.get(client);
  if (known) return known;
  const found = client.getCode({ address: ORACLE }).then((code) => code !== undefined);
  asked.set(client, found);
  found.catch(() => asked.delete(client));
  return found;
}

/**
 * At the price of now, an upper bound: the oracle's own one is a least fee up to some size and grows by the byte from there, and
 * such a curve lies nowhere above the line between its ends. @throws chain.rpc_unreachable
 */
export async function byteFees(client: PublicClient): Promise<ByteFees> {
  if (!(await hasOracle(client))) return NO_BYTE_FEES;
  const boundOf = (bytes: bigint) =>
    client.readContract({
      address: ORACLE,
      abi: ORACLE_ABI,
      functionName: "getL1FeeUpperBound",
      args: [bytes],
    });
  try {
    const [base, most] = await Promise.all([boundOf(0n), boundOf(MOST_BYTES)]);
    return { base, perByte: most > base ? upBy(most - base, MOST_BYTES) : 0n };
  } catch (error) {
    // Something else stands at that address: what it takes for bytes, if anything, it does not say in these words.
    if (error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError))
      return NO_BYTE_FEES;
    throw error;
  }
}

/** Wei of the chain, rounded up. */
export const feeOfBytes = ({ base, perByte }: ByteFees, bytes: number): bigint =>
  base === 0n && perByte === 0n ? 0n : base + perByte * BigInt(Math.ceil(bytes));
