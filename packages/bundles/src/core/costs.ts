import type { Hex } from "@sooth/kernel";
import { size } from "viem";
import { MOST_FINISH_GAS } from "./check.ts";
import { wavesOf } from "./graph.ts";
import { type Bundle, type Leg, type Mode, MOST_RESULT } from "./types.ts";

/**
 * Gas of whole transactions around a leg's own call, with three of five attesters' signatures: alone, and a leg's part where 50
 * share them. Rounded up from what was measured (contracts/snapshots). Alone it may be the first of its chain in a word of 256
 * ordinals, which makes a slot: who brings it pays that, whichever bundles share the word.
 */
const AROUND = {
  shared: { alone: 95_000n, batched: 13_000n },
  account: { alone: 96_000n, batched: 16_000n },
  value: { alone: 95_000n, batched: 13_000n },
  // Held by a transaction of its own, paid or given back with others.
  escrow: { alone: 240_000n, batched: 150_000n },
  participant: { alone: 240_000n, batched: 150_000n },
} as const;

/**
 * What holding a leg takes more at an escrow with a bounded lane, and its end. Rounded up from what was measured; nobody knows here
 * which lanes are bounded, nor which slots are there already, so all count as bounded and new.
 */
const ACROSS = {
  // The slot that counts the chains of the bundle, once a bundle and chain; one that holds four of them, and the log.
  shown: 26_000n,
  fourChains: 22_500n,
  // Of another leg the seven words that its hash is made of.
  leg: 6_000n,
  // Of each other chain the bucket, and what the token is asked about its supply; in the end what was paid and given back.
  bucket: 32_000n,
  ended: 6_000n,
  ends: 27_000n,
} as const;

/** Making an owner's account with its first leg on a chain. */
const NEW_ACCOUNT = 47_000n;
/** A call that carries coins, and what it takes more where nobody holds any yet. Source: Ethereum yellow paper, appendix G. */
const CALL_VALUE = { some: 9_000n, toNobody: 25_000n };
/** Showing what became of one more leg, and of what it returned each byte: copied, hashed, and not zero. */
const FACT_GAS = 7_500n;
const RESULT_BYTE = 18n;

/** Opening by signature; what its legs take as logged bytes comes beside. */
const OPEN = 40_000n;
/**
 * What the hub gives an owner's contract to answer whether it signed: it may take all of that in the block, where it took little
 * when it was tried. Source: Openings.SIGNATURE_GAS.
 */
export const SIGNATURE_GAS = 150_000n;
/** A transaction that logs an opened bundle's legs and does nothing else, without their bytes. */
const SHOW = 35_000n;
/**
 * Gas of a byte that comes in a transaction and is logged. One that is not zero: a transaction that does little else pays for
 * its bytes alone (EIP-7623); a zero: what it takes to hand it over, to copy and to log it.
 */
const LOGGED_BYTE = 40n;
const LOGGED_ZERO = 13n;
/**
 * What logging the legs may take with the opening itself. The hub may refuse an opening in its block, which costs its owner
 * nothing: that must not cost whoever opens it much more than an owner's contract may in saying no.
 */
const MOST_LOGGED = 100_000n;
/** Nodes keep no transaction above 128 KiB in their pools. */
const MOST_SHOWN_BYTES = 100_000;
const COMMIT = { ordered: 20_000n, escrowed: 11_000n } as const;
const SETTLE_A_LEG = 20_000n;

export type LegGas = { alone: bigint; batched: bigint };

/**
 * Who brings a leg must not pay for what its quote left out: alone it has everything that it may meet.
 * @param legs of its bundle, all of them
 * @param callGas of the call itself, or what it may take at most
 */
export const legGas = (leg: Leg, legs: readonly Leg[], callGas: bigint): LegGas => {
  const bytes = 16n * BigInt((leg.data.length - 2) / 2);
  const { alone, batched } = AROUND[leg.kind];
  const facts = FACT_GAS * BigInt(needsOf(leg)) + RESULT_BYTE * BigInt(MOST_RESULT * readBy(leg));
  const account = mayMakeAccount(leg, legs) ? NEW_ACCOUNT : 0n;
  return {
    alone: alone + bytes + facts + account + valueGas(leg) + callGas,
    batched: batched + bytes + callGas,
  };
};

/**
 * What a leg takes more that an escrow holds on whose chain a lane is bounded: to be held there with the other legs shown, and to be
 * paid or given back. A participant's counts on no lane, and is held with the others shown all the same.
 */
export function acrossGas({ kind, chainId }: Leg, legs: readonly Leg[]): { prepare: bigint; finish: bigint } {
  const others = BigInt(new Set(legs.map((leg) => leg.chainId).filter((id) => id !== chainId)).size);
  const shown = ACROSS.shown + ACROSS.fourChains * (others / 4n + 1n) + ACROSS.leg * BigInt(legs.length - 1);
  return kind === "escrow"
    ? { prepare: shown + ACROSS.bucket * others, finish: ACROSS.ended + ACROSS.ends * others }
    : { prepare: shown, finish: 0n };
}

/** Facts beside its opening. */
const needsOf = ({ needsOk, needsFailed, needsSettled, undoes }: Leg): number =>
  needsOk.length + needsFailed.length + needsSettled.length + (undoes === null ? 0 : 2);
/** Legs whose results go into it. */
const readBy = ({ splices, conditions }: Leg): number =>
  new Set([...splices, ...conditions].map(({ from }) => from)).size;
/** Not when one that it needs to have run well is that account's too, on the same chain. */
const mayMakeAccount = ({ kind, chainId, needsOk, undoes }: Leg, legs: readonly Leg[]): boolean =>
  kind === "account" &&
  ![...needsOk, ...(undoes === null ? [] : [undoes])].some(
    (place) => legs[place]?.kind === "account" && legs[place].chainId === chainId,
  );
function valueGas({ kind, value }: Leg): bigint {
  if (value === 0n || kind === "escrow" || kind === "participant") return 0n;
  return CALL_VALUE.some + (kind === "value" ? CALL_VALUE.toNobody : 0n);
}

/** What a participant is given to finish, and to prepare: what its leg states, within bounds. Others are given nothing. */
export const participantGas = ({ kind, gasLimit }: Pick<Leg, "kind" | "gasLimit">): number =>
  kind === "participant" ? Math.min(gasLimit, MOST_FINISH_GAS) : 0;

/** Of a call with its evidence, signatures of some attesters, and words of a leg; then of each fact, and each leg's hash. */
const CALL_BYTES = 1_600;
const FACT_BYTES = 240;
const HASH_BYTES = 32;
const LIST_ITEM_BYTES = 128;
/** Another leg, as an escrow wants it shown on whose chain a lane is bounded. */
const OTHER_LEG_BYTES = 7 * 32;
/** At the hub a result and what a leg's hash is made of, of each leg. */
const LEG_AT_HUB_BYTES = 600;

/** Bytes of a transaction that brings one leg of so many, or does the hub's part of so many, with so many facts. Rounded up. */
export function legBytes({ kind, data, splices, conditions }: Leg, legs: number, facts: number): number {
  const inputs = [...splices, ...conditions];
  const read = new Set(inputs.map(({ from }) => from)).size;
  const hashes = kind === "escrow" || kind === "participant" ? HASH_BYTES * legs : 0;
  return (
    CALL_BYTES +
    FACT_BYTES * facts +
    hashes +
    LIST_ITEM_BYTES * inputs.length +
    MOST_RESULT * read +
    size(data)
  );
}
/** What comes beside where the other legs are shown. */
export const acrossBytes = (legs: number): number => 64 + OTHER_LEG_BYTES * (legs - 1);
export const hubBytes = (legs: number, facts: number): number =>
  CALL_BYTES + FACT_BYTES * facts + LEG_AT_HUB_BYTES * legs;
/** Opening by signature, and what is logged for it. @param logged bytes of its legs, encoded */
export const openingBytes = (signature: number, logged: number): number => 700 + signature + logged;

/**
 * How the legs of a bundle that is opened by signature get into the hub's log: with the opening; later, when the hub has the fee
 * for it; or, where no transaction can carry them, never. And the gas that this takes.
 */
export type Showing = { how: "at_once" | "later" | "never"; gas: bigint };

/** @param legs encoded, as they are logged; null: they are private */
export function showingOf(legs: Hex | null): Showing {
  if (legs === null || size(legs) > MOST_SHOWN_BYTES) return { how: "never", gas: 0n };
  let zeros = 0;
  for (let at = 2; at < legs.length; at += 2) if (legs.startsWith("00", at)) zeros++;
  const gas = LOGGED_ZERO * BigInt(zeros) + LOGGED_BYTE * BigInt(size(legs) - zeros);
  return gas > MOST_LOGGED ? { how: "later", gas: SHOW + gas } : { how: "at_once", gas };
}

/**
 * On the hub, among others' bundles: opening, and what follows, which is deciding and paying its shares.
 * @param shown what {@link showingOf} says of its legs
 */
export const hubGas = (mode: Mode, legs: number, shown: Showing): { opening: bigint; deciding: bigint } => ({
  opening: OPEN + shown.gas,
  deciding: COMMIT[mode] + SETTLE_A_LEG * BigInt(legs),
});

/** What opening by signature and showing its legs take: gas, and the bytes of each transaction that it is. */
export type OpeningTakes = {
  showing: Showing;
  /** Of the opening alone, of what an owner's contract may take of that, and with what shows its legs. */
  gas: { opening: bigint; signature: bigint; whole: bigint };
  bytes: readonly number[];
};

/** @param encoded its legs, as they are logged; null: they are private */
export function openingTakes(
  { mode, legs }: Pick<Bundle, "mode" | "legs">,
  encoded: Hex | null,
  signature: { bytes: number; isOfKey: boolean },
): OpeningTakes {
  const showing = showingOf(encoded);
  const { opening: whole } = hubGas(mode, legs, showing);
  const isLater = showing.how === "later";
  const logged = encoded === null || showing.how === "never" ? 0 : size(encoded);
  return {
    showing,
    gas: {
      opening: isLater ? whole - showing.gas : whole,
      signature: signature.isOfKey ? 0n : SIGNATURE_GAS,
      whole,
    },
    bytes: isLater
      ? [openingBytes(signature.bytes, 0), openingBytes(0, logged)]
      : [openingBytes(signature.bytes, logged)],
  };
}

/** Wei of the hub for a gas, and for so many bytes of a transaction beside what gas they take. */
export type HubPrices = { gas: bigint; ofBytes: (bytes: number) => bigint };

export const bytesFee = ({ bytes }: OpeningTakes, { ofBytes }: HubPrices): bigint =>
  bytes.reduce((sum, each) => sum + ofBytes(each), 0n);
/** The most that it may cost whoever opens it. */
export const openingCost = (takes: OpeningTakes, prices: HubPrices): bigint =>
  (takes.gas.whole + takes.gas.signature) * prices.gas + bytesFee(takes, prices);

/**
 * Wei of its chain that whoever brings a leg hands to its target, and gets back with the leg's share or not at all. An account
 * pays from what it holds; what an escrow holds is no coin.
 */
export const laidOut = ({ kind, value }: Pick<Leg, "kind" | "value">): bigint =>
  kind === "shared" || kind === "value" ? value : 0n;

/** What a relayer is paid for a leg that ran, in wei of the hub: the hub rounds so. */
export function relayerShare({ fee, legs }: Pick<Bundle, "fee" | "legs">, attesterBps: number): bigint {
  const share = fee / BigInt(legs);
  return share - (share * BigInt(attesterBps)) / 10_000n;
}

/** What a bundle pays to whoever relays all of it: whoever opens it can be paid from nothing else. */
export const relayersPart = (bundle: Pick<Bundle, "fee" | "legs">, attesterBps: number): bigint =>
  relayerShare(bundle, attesterBps) * BigInt(bundle.legs);

/** Wei of the hub: what opening, each leg (by place) and all that follows cost in gas. */
export type GasCosts = { opening: bigint; legs: readonly bigint[]; deciding: bigint };

/**
 * What a bundle is to pay. Attesters get a part of every share, and gas prices move: what relayers spend is to be covered by
 * what is left. Shares are equal and legs are not, and who brings one must not count on bringing the next: so what an ordered
 * bundle's legs came to is covered by the shares of those that were brought, however far it got, the cheap ones first where
 * their order is free. And each pays for the leg that lays out most.
 */
export function feeFor(mode: Mode, gas: GasCosts, legs: readonly Leg[], attesterBps: number): bigint {
  const left = BigInt(10_000 - attesterBps);
  const costOf = (place: number): bigint => gas.legs[place] ?? 0n;
  const cheapFirst = wavesOf(legs).flatMap((wave) =>
    wave.toSorted((a, b) => (costOf(a) < costOf(b) ? -1 : costOf(a) > costOf(b) ? 1 : a - b)),
  );
  let [spent, brought, share] = [gas.opening, 0n, 0n];
  for (const place of cheapFirst) {
    [spent, brought] = [spent + costOf(place), brought + 1n];
    if (mode === "ordered") share = larger(share, upBy(spent, brought));
  }
  share = larger(share, upBy(spent + gas.deciding, BigInt(legs.length)));
  const most = legs.map(laidOut).reduce(larger, 0n);
  return (upBy(share * 12_500n, left) + upBy(most * 10_000n, left)) * BigInt(legs.length);
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const upBy = (wei: bigint, parts: bigint): bigint => (wei + parts - 1n) / parts;
