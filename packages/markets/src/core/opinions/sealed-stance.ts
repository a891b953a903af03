import type { Address, Hex } from "@sooth/kernel";
import {
  lockedSize,
  lockedUntil,
  lockUntil,
  roundAfter,
  type Schedule,
  timeOf,
  unlock,
} from "@sooth/randomness/core";
import { concat, hexToNumber, numberToHex, size, slice } from "viem";
import { BANDS } from "../rules/bands.ts";
import { type OpinionTerms, stanceCommitment } from "./terms.ts";

/** One byte for the band, then the salt. */
const SALT_AT = 1;
const MESSAGE_BYTES = 33;
/** What is sealed always has as many bytes; anything else is no sealed stance. */
export const SEALED_BYTES = lockedSize(MESSAGE_BYTES);

/**
 * Whose signatures open stances, and when. `clockLag` is the contract's: by so many seconds the chain may still take stakes when the
 * beacon's clock says that the market is closed.
 */
export type StanceBeacon = Schedule & { publicKey: Hex; clockLag: number };
/** A hidden stance as its log has it. */
export type HiddenStance = { market: Hex; owner: Address; commitment: Hex; sealed: Hex };
export type ToldStance = { band: number; salt: Hex };

/**
 * "malformed": no sealed stance. "wrong_round": locked until another round than the market's. "changed": the round's signature does not
 * open it. "lying": what it opens to is not what the commitment hides.
 */
export type SealFault = "malformed" | "wrong_round" | "changed" | "lying";

/** The round that opens all stances of a market: the first of which nobody can know anything while stakes are taken. @throws randomness.bad_round */
export const stanceRound = (
  { clockLag, ...schedule }: Schedule & { clockLag: number },
  { closesAt }: Pick<OpinionTerms, "closesAt">,
): bigint => roundAfter(schedule, closesAt + clockLag - 1);

/** Unix seconds, by the beacon's clock, from which on anybody can open them. */
export const stancesOpenAt = (
  beacon: Schedule & { clockLag: number },
  terms: Pick<OpinionTerms, "closesAt">,
): number => timeOf(beacon, stanceRound(beacon, terms));

/**
 * Hides a stance so that it tells itself after closing. Pure: `salt` and `chance` are 32 bytes each that nobody else knows, anew for
 * each stance. @throws randomness.bad_key, randomness.bad_round
 */
export function sealStance(
  beacon: StanceBeacon,
  { market, closesAt, owner, band }: { market: Hex; closesAt: number; owner: Address; band: number },
  { salt, chance }: { salt: Hex; chance: Hex },
): { commitment: Hex; sealed: Hex } {
  if (!Number.isInteger(band) || band < 0 || band >= BANDS)
    throw new RangeError(`there is no band ${band} to seal`);
  if (size(salt) !== MESSAGE_BYTES - SALT_AT) throw new RangeError(`a salt of ${size(salt)} bytes`);
  const message = concat([numberToHex(band, { size: SALT_AT }), salt]);
  return {
    commitment: stanceCommitment(market, owner, band, salt),
    sealed: lockUntil(beacon.publicKey, stanceRound(beacon, { closesAt }), message, chance),
  };
}

/** What is wrong with a seal by its form alone; null: it may open. Nobody can tell more before the round. */
export function sealComplaint(sealed: Hex, round: bigint): SealFault | null {
  const until = size(sealed) === SEALED_BYTES ? lockedUntil(sealed) : null;
  if (until === null) return "malformed";
  return until === round ? null : "wrong_round";
}

/**
 * The stance of a log, by the signature of its market's round, which the caller has checked. A function of these alone: whoever works
 * it out comes to the same, and may send it to `reveal`. Some 50 ms of arithmetic.
 */
export function openStance(
  { market, owner, commitment, sealed }: HiddenStance,
  { round, signature }: { round: bigint; signature: Hex },
): ToldStance | { fault: SealFault } {
  const complaint = sealComplaint(sealed, round);
  if (complaint !== null) return { fault: complaint };
  const message = unlock(sealed, signature);
  if (message === null) return { fault: "changed" };
  const [band, salt] = [hexToNumber(slice(message, 0, SALT_AT)), slice(message, SALT_AT)];
  // `reveal` refuses bands that there are not, whatever was committed to.
  const isTrue = band < BANDS && stanceCommitment(market, owner, band, salt) === commitment;
  return isTrue ? { band, salt } : { fault: "lying" };
}
