import { outcomeTokensAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, type Chain, signerOf } from "@sooth/chain";
import { type Address, appErrorIn, type Hex } from "@sooth/kernel";
import { BaseError, encodeFunctionData, parseAbi } from "viem";
import {
  type MakerPurse,
  orderDigest,
  orderToChain,
  type SetOrder,
  shareBps,
  type SignedOrder,
  tokenIdOf,
} from "../../core/index.ts";

/** What only the chain knows of an order: asked together, one request goes to the node. */
export type OrderReads = { hub: Pick<Chain, "client" | "definition">; addresses: Addresses };

export const domainOf = ({ hub, addresses }: OrderReads) => ({
  chainId: hub.definition.id,
  outcomeTokens: addresses.outcomeTokens,
});

/** Tokens of it that are matched; all of it where it is done or was cancelled. */
export const filledOf = ({ hub, addresses }: OrderReads, order: SetOrder): Promise<bigint> =>
  hub.client.readContract({
    address: addresses.outcomeTokens,
    abi: outcomeTokensAbi,
    functionName: "filledOf",
    args: [orderToChain(order)],
  });

export const tokensOf = ({ hub, addresses }: OrderReads, owner: Address, id: bigint): Promise<bigint> =>
  hub.client.readContract({
    address: addresses.outcomeTokens,
    abi: outcomeTokensAbi,
    functionName: "balanceOf",
    args: [owner, id],
  });

/** What a unit of yes is worth, basis points; null where nobody has written it down. */
export async function shareOf(
  { hub, addresses }: OrderReads,
  question: Hex,
  outcome: number,
): Promise<number | null> {
  const [numerator, denominator] = await hub.client.readContract({
    address: addresses.outcomeTokens,
    abi: outcomeTokensAbi,
    functionName: "shareOf",
    args: [question, outcome],
  });
  return denominator === 0n ? null : shareBps({ numerator, denominator });
}

export async function collateralOf(
  { hub, addresses }: OrderReads,
  owner: Address,
): Promise<{ balance: bigint; allowance: bigint }> {
  const token = { address: addresses.collateral, abi: testDollarAbi } as const;
  const [balance, allowance] = await Promise.all([
    hub.client.readContract({ ...token, functionName: "balanceOf", args: [owner] }),
    hub.client.readContract({
      ...token,
      functionName: "allowance",
      args: [owner, addresses.outcomeTokens],
    }),
  ]);
  return { balance, allowance };
}

/** What a maker has for these orders of his. */
export async function purseFor(
  reads: OrderReads,
  maker: Address,
  orders: readonly SetOrder[],
): Promise<MakerPurse> {
  const sells = orders.filter(({ side }) => side === "sellYes" || side === "sellNo");
  const ids = [
    ...new Set(
      sells.map(({ question, outcome, side }) =>
        tokenIdOf(question, outcome, side === "sellYes" ? "yes" : "no"),
      ),
    ),
  ];
  const [{ balance, allowance }, held] = await Promise.all([
    collateralOf(reads, maker),
    Promise.all(ids.map(async (id) => [id, await tokensOf(reads, maker, id)] as const)),
  ]);
  return { collateral: balance < allowance ? balance : allowance, tokens: new Map(held) };
}

const walletAbi = parseAbi([
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
]);
const MAGIC = "0x1626ba7e".padEnd(66, "0");
/** A wallet that takes more to say whether a signature is good is one that nobody would pay the gas for. */
const WALLET_GAS = 200_000n;

/** By whose word an order is signed: the maker's own key's, or his contract's; null where by neither. As the contract looks at it. */
export async function signedBy(
  reads: OrderReads,
  { order, signature }: SignedOrder,
): Promise<"key" | "contract" | null> {
  const digest = orderDigest(domainOf(reads), order);
  if (recovered(digest, signature) === order.maker.toLowerCase()) return "key";
  return (await contractSays(reads, order.maker, digest, signature)) ? "contract" : null;
}

function recovered(digest: Hex, signature: Hex): Address | null {
  return /^0x[0-9a-fA-F]{130}$/.test(signature) ? signerOf(digest, signature) : null;
}

async function contractSays(
  { hub }: OrderReads,
  address: Address,
  digest: Hex,
  signature: Hex,
): Promise<boolean> {
  try {
    const { data } = await hub.client.call({
      to: address,
      data: encodeFunctionData({
        abi: walletAbi,
        functionName: "isValidSignature",
        args: [digest, signature],
      }),
      gas: WALLET_GAS,
    });
    return data?.toLowerCase() === MAGIC;
  } catch (error) {
    // A wallet that reverts, or that is none, says no; a node that does not answer says nothing.
    if (error instanceof BaseError && !appErrorIn(error)) return false;
    throw error;
  }
}
