import { ascending } from "@sooth/kernel";

/** One seat of an epoch's signer set. `weight` is stake cut at the cap, in the collateral's smallest unit. */
export type Seat = { signer: `0x${string}`; weight: bigint };
export type SignerSet = { epoch: number; totalWeight: bigint; seats: readonly Seat[] };

/** Of a domain that nobody ever served. */
export const NOBODY: SignerSet = { epoch: 0, totalWeight: 0n, seats: [] };

/** Seats of a signer set at most: one bit each in the answer's word. */
export const MAX_SEATS = 32;

/** Domains there are: kinds are a bitmap of them. Source: Seats.sol. */
export const MAX_DOMAINS = 16;

/** By which family of language models somebody answers, from his kinds; 0 for a person. Source: IStakeManager.sol. */
export const familyOf = (kinds: number): number => (kinds >>> MAX_DOMAINS) & 0xff;

/** Domains and family in one word, as the contract takes them. */
export const kindsOf = (domains: readonly number[], family: number): number =>
  domains.reduce((kinds, domain) => kinds | (1 << domain), family << MAX_DOMAINS);

export const domainsOf = (kinds: number): number[] =>
  Array.from({ length: MAX_DOMAINS }, (_, domain) => domain).filter(
    (domain) => ((kinds >> domain) & 1) === 1,
  );

/** A word of the signer set: address (160) | weight (96). */
export const decodeSeat = (word: bigint): Seat => ({
  signer: `0x${(word >> 96n).toString(16).padStart(40, "0")}`,
  weight: BigInt.asUintN(96, word),
});

/**
 * The largest c with c * k <= sum of min(stake, c): water poured over the stakes up to level c, rounded down. k is 4,
 * or the number of providers below four, so nobody holds more than 1/k. Mirror of WeightCap.sol.
 */
export function capOf(stakes: readonly bigint[]): bigint {
  const count = stakes.length;
  const k = Math.min(4, count);
  const descending = stakes.toSorted(ascending).toReversed();
  let whole = stakes.reduce((sum, stake) => sum + stake, 0n);
  let cap = 0n;
  for (const [cut, largest] of descending.slice(0, k).entries()) {
    cap = whole / BigInt(k - cut);
    if (cap >= largest) break;
    whole -= largest;
  }
  return cap;
}

/** What counts of each stake, in the order given. */
export function weightsOf(stakes: readonly bigint[]): bigint[] {
  const cap = capOf(stakes);
  return stakes.map((stake) => (stake < cap ? stake : cap));
}

/** Reads the code of a signer set's contract: STOP, total weight, seats of 32 bytes. Without code it is the empty set. */
export function decodeSignerSet(epoch: number, code: `0x${string}` | undefined): SignerSet {
  const words = (code ?? "0x").slice(4).match(/.{64}/g) ?? [];
  const [total = "0", ...seats] = words;
  return {
    epoch,
    totalWeight: BigInt(`0x${total}`),
    seats: seats.map((word) => decodeSeat(BigInt(`0x${word}`))),
  };
}
