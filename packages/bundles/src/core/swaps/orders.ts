import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { encodeAbiParameters, hashTypedData, keccak256 } from "viem";
import type { Built } from "../builder/index.ts";
import { checkBundle } from "../check.ts";
import { BundlesError } from "../errors.ts";
import { bundleId, legHash, legsHashOf } from "../hashes.ts";
import { type Hub, type Leg, STANDALONE } from "../types.ts";

/** What a maker signs once. Mirror of contracts/src/bundles/orders/IOrders.sol; vectors/orders.json binds both. */
export type Order = {
  maker: Address;
  /** Is paid, on the chain of what is wanted. */
  recipient: Address;
  giveToken: Address;
  giveAmount: bigint;
  wantChainId: bigint;
  wantToken: Address;
  /** For all of it. */
  wantAmount: bigint;
  /** Of what is given; what is left may be less. */
  leastPart: bigint;
  /** Who may take; the zero address for anybody. */
  taker: Address;
  /** Unix seconds; nothing is set aside later. */
  expiry: number;
  /** Seconds from setting aside to the bundle's deadline, at most: how long a taker may think it over. */
  longestHold: number;
  /** The maker's, when he signed. */
  era: bigint;
  salt: bigint;
};

/** The contract on the chain of what is given. */
export type OrderBook = { chainId: number; orders: Address };

const ORDER = [
  { name: "maker", type: "address" },
  { name: "recipient", type: "address" },
  { name: "giveToken", type: "address" },
  { name: "giveAmount", type: "uint96" },
  { name: "wantChainId", type: "uint256" },
  { name: "wantToken", type: "address" },
  { name: "wantAmount", type: "uint96" },
  { name: "leastPart", type: "uint96" },
  { name: "taker", type: "address" },
  { name: "expiry", type: "uint40" },
  { name: "longestHold", type: "uint40" },
  { name: "era", type: "uint64" },
  { name: "salt", type: "uint64" },
] as const;
const PART = [
  {
    type: "tuple",
    components: [
      { name: "order", type: "tuple", components: ORDER },
      { name: "signature", type: "bytes" },
      { name: "amount", type: "uint96" },
      { name: "to", type: "address" },
      { name: "fee", type: "uint96" },
      { name: "salt", type: "uint64" },
      { name: "gasLimit", type: "uint32" },
      { name: "legSalt", type: "bytes32" },
      { name: "payer", type: "address" },
      { name: "pays", type: "uint96" },
      { name: "payingSalt", type: "bytes32" },
    ],
  },
] as const;

/** What the contract needs to finish a part, whatever the token does. */
const FINISH_GAS = 450_000;

export const orderTypedData = ({ chainId, orders }: OrderBook, order: Order) =>
  ({
    domain: { name: "Sooth Orders", version: "1", chainId, verifyingContract: orders },
    types: { Order: ORDER },
    primaryType: "Order",
    message: order,
  }) as const;

/** The order's name, which the maker signs. */
export const orderDigest = (book: OrderBook, order: Order): Hex => hashTypedData(orderTypedData(book, order));

/** What the maker gets for `amount`, at least; rounded up. */
export const priceOf = ({ giveAmount, wantAmount }: Order, amount: bigint): bigint =>
  (amount * wantAmount + giveAmount - 1n) / giveAmount;

/** A part of an order, and the bundle that its taker opens for it. */
export type Taking = {
  hub: Hub;
  book: OrderBook;
  order: Order;
  /** The maker's. */
  signature: Hex;
  amount: bigint;
  /** Who gets it. */
  to: Address;
  /** Who owns the bundle: the order's taker, when it names one. */
  owner: Address;
  /** Who pays the maker, and must sign the bundle as well. */
  payer: Address;
  /** Unix seconds. */
  deadline: number;
  /** Wei of the hub. */
  fee: bigint;
  salt: bigint;
  /** 32 random bytes. */
  secret: Hex;
};

/** The escrowed bundle of two legs that takes a part: the maker's tokens, then the payer's. @throws bundles.bad_part, those of {checkBundle} */
export function takeOrder(taking: Taking, now: number): Built {
  const { hub, book, order, amount, owner, payer, deadline, fee, salt, secret } = taking;
  checkPart(taking, now);
  const [legSalt, payingSalt] = [saltOf(secret, 0), saltOf(secret, 1)];
  const pays = priceOf(order, amount);
  const part = { ...taking, gasLimit: FINISH_GAS, legSalt, pays, payingSalt };
  const legs: Leg[] = [
    {
      ...nothing,
      chainId: book.chainId,
      kind: "participant",
      target: book.orders,
      gasLimit: FINISH_GAS,
      data: encodeAbiParameters(PART, [part]),
      salt: legSalt,
    },
    {
      ...nothing,
      chainId: Number(order.wantChainId),
      kind: "escrow",
      target: order.wantToken,
      value: pays,
      data: encodeAbiParameters([{ type: "address" }, { type: "address" }], [payer, order.recipient]),
      salt: payingSalt,
    },
  ];
  const hashes = legs.map(legHash);
  const header = { owner, mode: "escrowed", legs: 2, deadline, fee, salt } as const;
  const bundle = { ...header, legsHash: legsHashOf(hashes) };
  checkBundle(bundle, legs, { now });
  return { id: bundleId(hub, bundle), bundle, legs, hashes };
}

function checkPart({ order, amount, owner, deadline }: Taking, now: number): void {
  if (amount <= 0n || amount > order.giveAmount) refuse(`it is not from 1 to ${order.giveAmount}`);
  if (BigInt(order.taker) !== 0n && !sameAddress(order.taker, owner)) refuse(`only ${order.taker} may`);
  if (now > order.expiry) refuse(`the order expired at ${order.expiry}`);
  // Counted from when it is set aside, which is later than now.
  if (deadline > now + order.longestHold)
    refuse(`the maker waits ${order.longestHold} seconds, and the deadline is ${deadline - now} ahead`);
}

function refuse(why: string): never {
  throw BundlesError.bad_part({ why });
}

const nothing = {
  value: 0n,
  gasLimit: 0,
  ...STANDALONE,
} as const;

const saltOf = (secret: Hex, place: number): Hex =>
  keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint8" }], [secret, place]));
