import type { Hex } from "@sooth/kernel";
import { concat, numberToHex, size, slice } from "viem";
import { describe, expect, test } from "vitest";
import { cases } from "../../test/vectors.ts";
import { secretKeyFrom, sign } from "./scheme.ts";
import { lockedSize, lockedUntil, lockUntil, unlock } from "./time-lock.ts";
import known from "../../test/time-lock.json" with { type: "json" };

const CHANCE: Hex = `0x${"17".repeat(32)}`;
const MESSAGE: Hex = `0x0c${"ab".repeat(32)}`;
const { local, evmnet } = cases;
const secret = secretKeyFrom(local.secret);

describe("bytes known for good", () => {
  test.each(known)("$about", ({ key, round, message, chance, locked, signature }) => {
    expect(lockUntil(key as Hex, BigInt(round), message as Hex, chance as Hex)).toBe(locked);
    expect(unlock(locked as Hex, signature as Hex)).toBe(message);
  });

  test("the public network's are of rounds that it published", () => {
    const published = evmnet.rounds.map(({ round, signature }) => `${round} ${signature}`);
    const used = known.filter(({ key }) => key === evmnet.key);
    expect(used.length).toBeGreaterThan(0);
    for (const { round, signature } of used) expect(published).toContain(`${round} ${signature}`);
  });
});

test.each([0, 1, 32, 33, 100])("%i bytes come back, and nothing but the lock is added", (bytes) => {
  const message: Hex = `0x${"5c".repeat(bytes)}`;
  const locked = lockUntil(local.key, 77n, message, CHANCE);
  expect(size(locked)).toBe(lockedSize(bytes));
  expect(lockedUntil(locked)).toBe(77n);
  expect(unlock(locked, sign(secret, 77n))).toBe(message);
});

test("no other round opens it, and no other beacon's", () => {
  const locked = lockUntil(local.key, 77n, MESSAGE, CHANCE);
  expect(unlock(locked, sign(secret, 76n))).toBeNull();
  expect(unlock(locked, sign(secret, 78n))).toBeNull();
  expect(unlock(locked, sign(secret + 1n, 77n))).toBeNull();
  expect(unlock(locked, "0x1234")).toBeNull();
  expect(unlock(locked, `0x${"00".repeat(64)}`)).toBeNull();
});

test("a bit that is turned anywhere behind the round opens to nothing", () => {
  const locked = lockUntil(local.key, 77n, MESSAGE, CHANCE);
  const signature = sign(secret, 77n);
  // Of the point, of what hides the chance, of the message: one of each of their ends.
  for (const place of [9, 40, 136, 137, 168, 169, 201]) {
    const turned = Number(slice(locked, place, place + 1)) ^ 1;
    const changed = concat([
      slice(locked, 0, place),
      numberToHex(turned, { size: 1 }),
      ...(place + 1 < size(locked) ? [slice(locked, place + 1)] : []),
    ]);
    expect(unlock(changed, signature), `byte ${place}`).toBeNull();
  }
  expect(unlock(slice(locked, 0, 200), signature)).toBeNull();
  expect(unlock(`${locked}00`, signature)).toBeNull();
});

test("points that are none of the group's are no lock", () => {
  const signature = sign(secret, 77n);
  const locked = lockUntil(local.key, 77n, MESSAGE, CHANCE);
  const withPoint = (point: Hex) => concat([slice(locked, 0, 9), point, slice(locked, 137)]);
  expect(unlock(withPoint(cases.outsideTheGroup), signature)).toBeNull();
  expect(unlock(withPoint(`0x${"00".repeat(128)}`), signature)).toBeNull();
  expect(unlock(withPoint(`0x${"ff".repeat(128)}`), signature)).toBeNull();
});

test("another version, or too few bytes, is nothing that is locked", () => {
  const locked = lockUntil(local.key, 77n, MESSAGE, CHANCE);
  const other: Hex = `0x02${locked.slice(4)}`;
  for (const bytes of [other, slice(locked, 0, 168), "0x" as Hex, "0x01" as Hex]) {
    expect(lockedUntil(bytes)).toBeNull();
    expect(unlock(bytes, sign(secret, 77n))).toBeNull();
  }
});

test("what two hide with chances of their own has nothing in common", () => {
  const [one, other] = [CHANCE, `0x${"18".repeat(32)}` as Hex].map((chance) =>
    lockUntil(local.key, 77n, MESSAGE, chance),
  ) as [Hex, Hex];
  for (const [from, to] of [
    [9, 137],
    [137, 169],
    [169, 202],
  ] as const)
    expect(slice(one, from, to)).not.toBe(slice(other, from, to));
});

test("a key that is none, and a chance too short, are refused", () => {
  const bad = expect.objectContaining({ code: "randomness.bad_key" });
  expect(() => lockUntil(cases.outsideTheGroup, 77n, MESSAGE, CHANCE)).toThrow(bad);
  expect(() => lockUntil(local.key, 77n, MESSAGE, "0x12")).toThrow(RangeError);
});
