import type { Address, Hex } from "@sooth/kernel";
import { concat, encodePacked, keccak256 } from "viem";
import { FeedsError } from "./errors.ts";
import {
  addressOf,
  fromBytes,
  inverseHint,
  modN,
  N,
  opposite,
  type Point,
  pointOf,
  scalarOf,
  sumOf,
  times,
  toBytes,
  word,
} from "./curve.ts";

/**
 * One Schnorr signature of many over secp256k1, as SchnorrVerifier.sol checks it: s*G = R + e*P with P the plain sum of the
 * signers' keys. Two rounds: every signer shows two nonces, then, when all are known, his part. Two nonces, bound
 * to everything that is signed, keep somebody who opens many sessions at once from forging out of them. Source: Nick,
 * Ruffing, Seurin, "MuSig2", 2020; plain sums need the proof of possession that StakeManager asks for on joining.
 */
export type NoncePair = { seat: number; first: Hex; second: Hex };
/** A signer's secrets of one session. They sign once: a second part over other nonces would give the key away. */
export type SecretNonces = { first: bigint; second: bigint };
export type Signer = { seat: number; key: Hex };
export type SigningSession = {
  digest: Hex;
  signers: readonly (Signer & { nonces: NoncePair })[];
  /** Sum of the keys, and of the nonces once bound. */
  sum: Point;
  commitment: Point;
  /** Binds the second nonces. */
  binding: bigint;
  challenge: bigint;
};
export type AggregatedSignature = {
  seats: bigint;
  s: bigint;
  inverse: bigint;
  commitment: Address;
  byAbsent: boolean;
};

/** What of two secrets is shown. */
export const showNonces = (seat: number, secrets: SecretNonces): NoncePair => ({
  seat,
  first: toBytes(pointOf(secrets.first)),
  second: toBytes(pointOf(secrets.second)),
});

/** Secrets from 64 fresh random bytes. @throws oracle.bad_nonce for one that is zero */
export function secretNonces(first: Hex, second: Hex): SecretNonces {
  const secrets = { first: scalarOf(first), second: scalarOf(second) };
  if (secrets.first === 0n || secrets.second === 0n) throw FeedsError.bad_nonce({ seat: -1 });
  return secrets;
}

/**
 * What all signers agree on once every nonce is known. Signers in the order of their seats.
 * @throws oracle.bad_nonce naming the seat whose nonces or key are no points of the curve
 */
export function openSession(
  digest: Hex,
  signers: readonly Signer[],
  nonces: readonly NoncePair[],
): SigningSession {
  const inOrder = signers.toSorted((a, b) => a.seat - b.seat);
  const found = inOrder.map((signer) => {
    const pair = nonces.find(({ seat }) => seat === signer.seat);
    if (!pair) throw FeedsError.bad_nonce({ seat: signer.seat });
    return { ...signer, nonces: pair };
  });
  const points = found.map(({ seat, key, nonces: { first, second } }) => {
    try {
      return { key: fromBytes(key), first: fromBytes(first), second: fromBytes(second) };
    } catch (cause) {
      throw FeedsError.bad_nonce({ seat }, { cause });
    }
  });
  const sum = sumOf(points.map(({ key }) => key));
  const firsts = sumOf(points.map(({ first }) => first));
  const seconds = sumOf(points.map(({ second }) => second));
  const shown = found.flatMap(({ key, nonces: pair }) => [key, pair.first, pair.second]);
  const binding = scalarOf(keccak256(concat([digest, ...shown])));
  const commitment = firsts.add(times(seconds, binding));
  return {
    digest,
    signers: found,
    sum,
    commitment,
    binding,
    challenge: challengeOf(sum, digest, commitment),
  };
}

/** keccak256(px | 27 or 28 | digest | address of R) mod N. Source: SchnorrVerifier.sol */
function challengeOf(sum: Point, digest: Hex, commitment: Point): bigint {
  const { x, y } = sum.toAffine();
  const parity = 27 + Number(y & 1n);
  return scalarOf(
    keccak256(
      encodePacked(["uint256", "uint8", "bytes32", "address"], [x, parity, digest, addressOf(commitment)]),
    ),
  );
}

/** A signer's part. His secrets must be thrown away before it leaves him. */
export const signPart = (session: SigningSession, secret: bigint, nonces: SecretNonces): bigint =>
  modN(nonces.first + session.binding * nonces.second + session.challenge * secret);

/** Whether `part` is the seat's: names who spoils a session, so that it is begun again without him. */
export function isPart(session: SigningSession, seat: number, part: bigint): boolean {
  const signer = session.signers.find((one) => one.seat === seat);
  if (!signer || part <= 0n || part >= N) return false;
  const { first, second } = signer.nonces;
  const wanted = fromBytes(first)
    .add(times(fromBytes(second), session.binding))
    .add(times(fromBytes(signer.key), session.challenge));
  return pointOf(part).equals(wanted);
}

/**
 * The signature that the contract takes. `keys` are those of all seats in order: when most signed, the contract
 * subtracts the absent instead of adding the rest.
 * @throws oracle.bad_part naming the first seat whose part is missing or wrong
 */
export function finishSession(
  session: SigningSession,
  parts: ReadonlyMap<number, bigint>,
  keys: readonly Hex[],
): AggregatedSignature {
  const given = session.signers.map(({ seat }) => {
    const part = parts.get(seat);
    if (part === undefined || !isPart(session, seat, part)) throw FeedsError.bad_part({ seat });
    return part;
  });
  const signed = new Set(session.signers.map(({ seat }) => seat));
  const affine = keys.map((key) => fromBytes(key).toAffine());
  const byAbsent = 2 * signed.size > keys.length && signed.size < keys.length;
  const added = byAbsent
    ? [sumOf(keys.map(fromBytes)).toAffine(), ...affine.filter((_, seat) => !signed.has(seat)).map(opposite)]
    : affine.filter((_, seat) => signed.has(seat));
  return {
    seats: [...signed].reduce((seats, seat) => seats | (1n << BigInt(seat)), 0n),
    s: modN(given.reduce((total, part) => total + part, 0n)),
    inverse: inverseHint(added),
    commitment: addressOf(session.commitment),
    byAbsent,
  };
}

/** What `Feeds.buildSchnorrSet` takes: x and y of every key in seat order, and the hint for their sum. */
export function schnorrPoints(keys: readonly Hex[]): { points: bigint[]; inverse: bigint } {
  const affine = keys.map((key) => fromBytes(key).toAffine());
  return { points: affine.flatMap(({ x, y }) => [x, y]), inverse: inverseHint(affine) };
}

/** The compressed key of a secret, and back from what is public. */
export const publicKeyOf = (secret: Hex): Hex => toBytes(pointOf(scalarOf(secret)));
export const signerAddress = (key: Hex): Address => addressOf(fromBytes(key));
export { word as scalarWord };
