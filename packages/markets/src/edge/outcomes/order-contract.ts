import { outcomeTokensAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, type Chain, signerOf } from "@sooth/chain";
import { type Address, appErrorIn, type Hex } from "@sooth/kernel";
import { randomBytes } from "node:crypto";
import {
  BaseError,
  concat,
  type ContractFunctionParameters,
  encodeFunctionData,
  numberToHex,
  parseAbi,
  size,
  toHex,
} from "viem";
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

type Holdings = {
  /** Of each outcome, as `shareOf` has it. */
  shares: (number | null)[];
  /** Of each id; null where nobody is asked about, as is the purse. */
  tokens: bigint[] | null;
  purse: { balance: bigint; allowance: bigint } | null;
};

/** What outcomes of a question are worth, and what somebody holds of them: one question to the node, however many outcomes there are. */
export async function holdings(
  { hub, addresses }: OrderReads,
  question: Hex,
  { count, owner, ids }: { count: number; owner: Address | undefined; ids: readonly bigint[] },
): Promise<Holdings> {
  const tokens = { address: addresses.outcomeTokens, abi: outcomeTokensAbi };
  const money = { address: addresses.collateral, abi: testDollarAbi };
  const contracts: ContractFunctionParameters[] = [
    ...Array.from({ length: count }, (_, outcome) => ({
      ...tokens,
      functionName: "shareOf",
      args: [question, outcome],
    })),
    ...(owner === undefined
      ? []
      : ids.map((id) => ({ ...tokens, functionName: "balanceOf", args: [owner, id] }))),
    ...(owner === undefined
      ? []
      : [
          { ...money, functionName: "balanceOf", args: [owner] },
          { ...money, functionName: "allowance", args: [owner, addresses.outcomeTokens] },
        ]),
  ];
  // Code that is run where it stands, so that it is there on every chain; in one piece.
  const one = { allowFailure: false, deployless: true, batchSize: 0 } as const;
  const told: unknown[] = await hub.client.multicall({ ...one, contracts });
  const numbers = told.slice(count) as bigint[];
  const [balance = 0n, allowance = 0n] = numbers.slice(ids.length);
  return {
    shares: (told.slice(0, count) as [bigint, bigint][]).map(([numerator, denominator]) =>
      denominator === 0n ? null : shareBps({ numerator, denominator }),
    ),
    tokens: owner === undefined ? null : numbers.slice(0, ids.length),
    purse: owner === undefined ? null : { balance, allowance },
  };
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
/** A wallet that takes more to say whether a signature is good is one that nobody would pay the gas for. */
const WALLET_GAS = 200_000;
/** Besides: code that is created, of two kilobytes at most, and a 64th that stays with who calls. */
const ASKING_GAS = BigInt(WALLET_GAS) + 200_000n;
/** Whoever asks on the chain has an address; a wallet must not know from its lack that it is only asked. */
export const somebody = (): Address => toHex(randomBytes(20));

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
  const question = encodeFunctionData({
    abi: walletAbi,
    functionName: "isValidSignature",
    args: [digest, signature],
  });
  try {
    const { data } = await hub.client.call({
      account: somebody(),
      data: concat([askerOf(address), question]),
      gas: ASKING_GAS,
    });
    return data !== undefined && size(data) === 32 && BigInt(data) === 1n;
  } catch (error) {
    // A wallet whose answer cannot be had says no; a node that does not answer says nothing.
    if (error instanceof BaseError && !appErrorIn(error)) return false;
    throw error;
  }
}

/**
 * Code that asks `wallet` what stands behind it, and answers 1 for the magic word alone, else 0. So a node sends 32 bytes, whatever the
 * wallet says: hundreds of kilobytes from each order's would take with them all that is asked in the same request.
 */
function askerOf(wallet: Address): Hex {
  const ends = "3d602014165f51631626ba7e60e01b14165f5260205ff3";
  const asks = `5f6020915f73${wallet.slice(2)}62${numberToHex(WALLET_GAS, { size: 3 }).slice(2)}fa`;
  // PUSH1 <its own length> CODESIZE SUB DUP1 PUSH1 <the same> PUSH0 CODECOPY: the question, into memory.
  const length = numberToHex(9 + (asks.length + ends.length) / 2, { size: 1 }).slice(2);
  return `0x60${length}38038060${length}5f39${asks}${ends}`;
}
