import { type Hex, keccak256, numberToHex, recoverAddress, stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import {
  type AggregatedSignature,
  finishSession,
  isPart,
  openSession,
  publicKeyOf,
  secretNonces,
  showNonces,
  signerAddress,
  signPart,
} from "./aggregate-signature.ts";
import { fromBytes, modN, pointOf, scalarOf, sumOf, times } from "./curve.ts";

const secretOf = (seat: number): Hex => keccak256(stringToHex(`key ${seat}`));
const nonceOf = (seat: number, which: number): Hex => keccak256(stringToHex(`nonce ${seat} ${which}`));
const keys = Array.from({ length: 7 }, (_, seat) => publicKeyOf(secretOf(seat)));
const digest = keccak256(stringToHex("what is signed"));

function prepare(seats: readonly number[]) {
  const secrets = new Map(seats.map((seat) => [seat, secretNonces(nonceOf(seat, 1), nonceOf(seat, 2))]));
  const nonces = seats.map((seat) => showNonces(seat, secrets.get(seat) as never));
  const session = openSession(
    digest,
    seats.map((seat) => ({ seat, key: keys[seat] as Hex })),
    nonces,
  );
  const parts = new Map(
    seats.map((seat) => [
      seat,
      signPart(session, scalarOf(secretOf(seat)), secrets.get(seat) as { first: bigint; second: bigint }),
    ]),
  );
  return { session, parts, nonces };
}

/** s*G - e*P must be R: the equation itself, not the contract's way to it. */
function holds({
  session,
  signature,
}: {
  session: ReturnType<typeof prepare>["session"];
  signature: AggregatedSignature;
}) {
  const right = session.commitment.add(times(session.sum, session.challenge));
  return pointOf(signature.s).equals(right);
}

test("keys are the accounts' own", () => {
  for (const [seat, key] of keys.entries())
    expect(signerAddress(key)).toBe(privateKeyToAccount(secretOf(seat)).address.toLowerCase());
});

describe.each([[[0, 1, 2]], [[0, 1, 2, 3, 4]], [[6, 1, 4, 0, 2]], [[0, 1, 2, 3, 4, 5, 6]], [[3]]])(
  "seats %j",
  (seats) => {
    test("make one signature that holds", () => {
      const { session, parts } = prepare(seats);
      const signature = finishSession(session, parts, keys);
      expect(holds({ session, signature })).toBe(true);
      expect(signature.seats).toBe(seats.reduce((all, seat) => all | (1n << BigInt(seat)), 0n));
      expect(signature.byAbsent).toBe(seats.length > 3 && seats.length < 7);
    });

    test("and it is what the recovery precompile is asked", async () => {
      const { session, parts } = prepare(seats);
      const { s, commitment } = finishSession(session, parts, keys);
      const { x, y } = session.sum.toAffine();
      const recovered = await recoverAddress({
        hash: numberToHex(modN(-s * x), { size: 32 }),
        signature: {
          r: numberToHex(x, { size: 32 }),
          s: numberToHex(modN(-session.challenge * x), { size: 32 }),
          yParity: Number(y & 1n),
        },
      });
      expect(recovered.toLowerCase()).toBe(commitment);
    });
  },
);

test("a wrong part is found and named before anything is put together", () => {
  const { session, parts } = prepare([0, 1, 2, 3]);
  parts.set(2, (parts.get(2) as bigint) + 1n);
  expect([0, 1, 2, 3].map((seat) => isPart(session, seat, parts.get(seat) as bigint))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect(() => finishSession(session, parts, keys)).toThrow(
    expect.objectContaining({ code: "feeds.bad_part", message: expect.stringContaining("seat 2") }),
  );
  expect(isPart(session, 6, parts.get(0) as bigint)).toBe(false);
});

test("nonces that are missing, no points, or infinity are refused by the seat", () => {
  const { nonces } = prepare([0, 1]);
  const signers = [0, 1].map((seat) => ({ seat, key: keys[seat] as Hex }));
  const bad = (second: Hex) => [nonces[0] as never, { seat: 1, first: nonces[1]?.first as Hex, second }];
  for (const given of [
    [nonces[0] as never],
    bad("0x02"),
    bad(`0x02${"ff".repeat(32)}`),
    bad(`0x00${"00".repeat(32)}`),
  ])
    expect(() => openSession(digest, signers, given)).toThrow(
      expect.objectContaining({ code: "feeds.bad_nonce", message: expect.stringContaining("seat 1") }),
    );
});

test("every nonce and the digest bind the second nonces: changing one changes what all must sign", () => {
  const { session, nonces } = prepare([0, 1, 2]);
  const signers = session.signers.map(({ seat, key }) => ({ seat, key }));
  const other = showNonces(2, secretNonces(nonceOf(9, 1), nonceOf(9, 2)));
  const changed = openSession(digest, signers, [...nonces.slice(0, 2), other]);
  expect(changed.binding).not.toBe(session.binding);
  expect(openSession(keccak256("0x"), signers, nonces).binding).not.toBe(session.binding);
  expect(openSession(digest, signers.toReversed(), nonces.toReversed()).binding).toBe(session.binding);
});

test("a sum of keys is of those who signed", () => {
  const { session } = prepare([1, 3]);
  expect(session.sum.equals(sumOf([keys[1], keys[3]].map((key) => fromBytes(key as Hex))))).toBe(true);
});
