import { ordersAbi } from "@sooth/abi";
import {
  legToWire,
  type Order,
  orderDigest,
  orderTypedData,
  priceOf,
  takeOrder,
  type WirePrepareBundle,
} from "@sooth/bundles/core";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { randomBytes } from "node:crypto";
import { bytesToBigInt, bytesToHex, encodeFunctionData, erc20Abi, maxUint256, zeroAddress } from "viem";
import { z } from "zod";
import { OpsError } from "../ops-error.ts";
import { time } from "../verify/verify-question.ts";
import { address, jsonText, readJson, units } from "./json-file.ts";
import type { ChainAt, Server } from "./network.ts";
import { feeBefore } from "./plan.ts";
import type { Call } from "./send.ts";

/** The contract counts units of tokens in 96 bits. */
const amount = units.refine((value) => value < 2n ** 96n, "wants less than 2^96 units");
const some = amount.refine((value) => value > 0n, "wants more than nothing");
const side = z.object({ chainId: z.number().int().positive(), token: address, amount: some });
const seconds = z.number().int().positive();

/** How long a taker may think a part over, where the maker does not say: three steps from chain to chain on Ethereum's rollups. */
const USUAL_HOLD = 3_600;
/** What a maker writes. Who gives tokens for parts of it may be anybody; `recipient` is the maker where none is named. */
const wish = z.object({
  gives: side,
  wants: side,
  leastPart: amount.default(0n),
  taker: address.default(zeroAddress),
  recipient: address.optional(),
  seconds,
  longestHold: seconds.default(USUAL_HOLD),
});
const word = z.string().regex(/^0x([0-9a-fA-F]{2})*$/, "wants bytes in hex");
const orderFile = z.object({
  chainId: z.number().int().positive(),
  order: z.object({
    maker: address,
    recipient: address,
    giveToken: address,
    giveAmount: some,
    wantChainId: units,
    wantToken: address,
    wantAmount: some,
    leastPart: amount,
    taker: address,
    expiry: z.number().int(),
    longestHold: z.number().int(),
    era: units,
    salt: units,
  }),
  signature: word.transform((text) => text as Hex),
});

/** What a maker signed, as he hands it on. `chainId`: where he gives. */
export type SignedOrder = { chainId: number; order: Order; signature: Hex };
type Where = { orders: Address; chainAt: ChainAt };
export type OrderShown = {
  digest: Hex;
  /** What the contract still sets aside; none of an order that is over. */
  left: bigint;
  /** What of it the maker has, and lets the contract take. */
  covered: bigint;
  /** Why none is left; null while some is. */
  over: string | null;
  /** Unix seconds of its chain. */
  now: number;
};

/** @throws ops.unreadable */
export const readOrder = (file: string): Promise<SignedOrder> => readJson(file, orderFile);
export const orderText = (signed: SignedOrder): string => jsonText(signed);

/**
 * The order that a file wishes for, and what has to be sent so that the contract may take what it gives: an allowance for this one,
 * on top of what earlier ones may still take. @throws ops.unreadable, ops.no_key where no node of its chain is known
 */
export async function planOrder(
  { orders, chainAt }: Where,
  file: string,
  maker: Address,
  now: number,
): Promise<{ chainId: number; order: Order; calls: Call[] }> {
  const {
    gives,
    wants,
    leastPart,
    taker,
    recipient,
    seconds: lasts,
    longestHold,
  } = await readJson(file, wish);
  const { client } = chainAt(gives.chainId);
  const [era, allowed] = await Promise.all([
    client.readContract({ address: orders, abi: ordersAbi, functionName: "eraOf", args: [maker] }),
    client.readContract({
      address: gives.token,
      abi: erc20Abi,
      functionName: "allowance",
      args: [maker, orders],
    }),
  ]);
  const order: Order = {
    maker,
    recipient: recipient ?? maker,
    giveToken: gives.token,
    giveAmount: gives.amount,
    wantChainId: BigInt(wants.chainId),
    wantToken: wants.token,
    wantAmount: wants.amount,
    leastPart,
    taker,
    expiry: now + lasts,
    longestHold,
    era,
    salt: bytesToBigInt(randomBytes(8)),
  };
  const wanted = allowed + gives.amount;
  if (wanted > maxUint256) return { chainId: gives.chainId, order, calls: [] };
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [orders, wanted] });
  const approve = { what: "approve", leg: null, chainId: gives.chainId, to: gives.token, data, value: "0" };
  return { chainId: gives.chainId, order, calls: [approve] };
}

/** How an order stands on its chain. @throws ops.unreadable where the maker did not sign it */
export async function lookAtOrder(
  { orders, chainAt }: Where,
  { chainId, order, signature }: SignedOrder,
  file: string,
): Promise<OrderShown> {
  const { client } = chainAt(chainId);
  const book = { chainId, orders };
  if (!(await client.verifyTypedData({ address: order.maker, ...orderTypedData(book, order), signature })))
    throw OpsError.unreadable({ file, why: `its signature is not of ${order.maker}` });
  const { timestamp, number: blockNumber } = await client.getBlock();
  const at = { address: orders, abi: ordersAbi, blockNumber } as const;
  const token = { address: order.giveToken, abi: erc20Abi, blockNumber } as const;
  const [left, era, balance, allowed] = await Promise.all([
    client.readContract({ ...at, functionName: "leftOf", args: [order] }),
    client.readContract({ ...at, functionName: "eraOf", args: [order.maker] }),
    client.readContract({ ...token, functionName: "balanceOf", args: [order.maker] }),
    client.readContract({ ...token, functionName: "allowance", args: [order.maker, orders] }),
  ]);
  const now = Number(timestamp);
  const why =
    now > order.expiry
      ? "it expired"
      : era === order.era
        ? "it was cancelled, or all of it is set aside or paid"
        : "its maker cancelled all that he had signed";
  const covered = [left, balance, allowed].reduce((least, one) => (one < least ? one : least));
  return { digest: orderDigest(book, order), left, covered, over: left === 0n ? why : null, now };
}

export const orderLines = (
  { chainId, order }: SignedOrder,
  { digest, left, covered, over }: OrderShown,
): string[] => [
  `order ${digest}`,
  `  gives  ${order.giveAmount} of the token ${order.giveToken} on chain ${chainId}, from ${order.maker}`,
  `  wants  ${order.wantAmount} of the token ${order.wantToken} on chain ${order.wantChainId}, for ${order.recipient}`,
  `  parts  of ${order.leastPart} at least, taken by ${BigInt(order.taker) === 0n ? "anybody" : order.taker}, held for ${order.longestHold} s at most`,
  `  until  ${time(order.expiry)}`,
  over === null ? `  left   ${left}` : `  left   nothing: ${over}`,
  ...(over === null && covered < left
    ? [`  but its maker has, or lets the contract take, ${covered} of it alone`]
    : []),
];

/** Ends an order, or all that its maker has signed on that chain; parts that are set aside end as their bundles do. @throws ops.not_due */
export function cancelCall(
  orders: Address,
  { chainId, order }: SignedOrder,
  own: Address,
  all: boolean,
): Call {
  if (!sameAddress(order.maker, own))
    throw OpsError.not_due({ what: `only ${order.maker} can cancel it, and this key is ${own}` });
  const data = all
    ? encodeFunctionData({ abi: ordersAbi, functionName: "cancelAll" })
    : encodeFunctionData({ abi: ordersAbi, functionName: "cancel", args: [order] });
  return { what: all ? "cancel all" : "cancel", leg: null, chainId, to: orders, data, value: "0" };
}

type Wanted = {
  amount: bigint | undefined;
  to: Address | undefined;
  seconds: number;
  fee: bigint | undefined;
};
/** So that a quote counts as many bytes as the fee that follows from it: 0.001 of the hub's coin. */
const ANY_FEE = 10n ** 15n;

/**
 * The bundle that takes a part: the maker's tokens, then what this account pays for them, rounded up for the maker. All that can be
 * had where no amount is named. Its legs name its fee, so that is asked for first.
 * @throws ops.not_due, ops.no_fee, bundles.bad_part
 */
export async function planTaking(
  server: Server,
  chainAt: ChainAt,
  { signed, shown, own, signs }: { signed: SignedOrder; shown: OrderShown; own: Address; signs: boolean },
  wanted: Wanted,
): Promise<{ asked: WirePrepareBundle; amount: bigint; pays: bigint }> {
  const { chainId, order, signature } = signed;
  const { left, covered, over } = shown;
  if (over !== null) throw OpsError.not_due({ what: over });
  const part = wanted.amount ?? covered;
  const least = left < order.leastPart ? left : order.leastPart;
  if (part > left) throw OpsError.not_due({ what: `${left} of it are left, and ${part} are wanted` });
  if (part > covered)
    throw OpsError.not_due({ what: `its maker has, or lets the contract take, ${covered} alone` });
  if (part < least) throw OpsError.not_due({ what: `its maker gives no part below ${least}` });
  // The chain that sets it aside counts from its own clock, which may be behind.
  const now = Math.min(shown.now, server.now());
  const common = {
    hub: server.hub,
    book: { chainId, orders: server.addresses.orders },
    order,
    signature,
    amount: part,
    to: wanted.to ?? own,
    owner: own,
    payer: own,
    deadline: now + Math.min(wanted.seconds, order.longestHold),
    salt: bytesToBigInt(randomBytes(8)),
    secret: bytesToHex(randomBytes(32)),
  };
  const askedWith = (fee: bigint): WirePrepareBundle => {
    const { bundle, legs } = takeOrder({ ...common, fee }, now);
    const { mode, deadline, salt } = bundle;
    return { owner: own, mode, deadline, salt: String(salt), legs: legs.map(legToWire) };
  };
  const fee = wanted.fee ?? (await feeBefore(server, chainAt, askedWith(ANY_FEE), signs));
  return { asked: { ...askedWith(fee), fee: String(fee) }, amount: part, pays: priceOf(order, part) };
}
