import { at, type Hex } from "@sooth/kernel";
import { concat, numberToHex, sha256 } from "viem";
import { describe, expect, test } from "vitest";
import { cases } from "../../test/vectors.ts";
import { proofOf, publicKeyOf, secretKeyFrom, seedOf, sign, verify } from "./scheme.ts";

const P = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const word = (value: bigint): Hex => numberToHex(value, { size: 32 });
const xOf = (signature: Hex) => BigInt(signature.slice(0, 66));
const yOf = (signature: Hex) => BigInt(`0x${signature.slice(66)}`);

/** What drand publishes beside the signature of a round. */
const told = (round: number) =>
  sha256(
    at(
      cases.evmnet.rounds.filter((one) => one.round === round),
      0,
    ).signature,
  );

describe("what drand's evmnet published", () => {
  const { key, rounds } = cases.evmnet;
  test.each(rounds)(
    "round $round holds, and its proof is the contract's",
    ({ round, signature, seed, proof }) => {
      expect(verify(key, BigInt(round), signature)).toBe(true);
      expect(proofOf(BigInt(round), signature)).toBe(proof);
      expect(seedOf(signature)).toBe(seed);
    },
  );

  test("the signatures are those that drand's own randomness was told with", () => {
    expect(told(1)).toBe("0x781b75698adc3af62cfa55db83cf0c73ae54e1ac8c0d4c3a2224126b65369ec5");
    expect(told(1_000)).toBe("0x0e6745667465a6f9dce5d5f994656955080be14c469ff17fc4fc588c925a8504");
    expect(told(9_337_227)).toBe("0xa1e645cd6193837f626716851f5c42ad4bf63ad75193b2cae40f88c08c8f3bd8");
    expect(told(18_710_192)).toBe("0x7e4275a00825f58a689a547e8a728ca497c85cb2b08af3f8b6e75776bd64f385");
  });

  test("nothing else does", () => {
    const { round, signature } = at(rounds, 0);
    const [x, y] = [xOf(signature), yOf(signature)];
    const points: Record<string, Hex> = {
      "another round's": at(rounds, 1).signature,
      negated: concat([word(x), word(P - y)]),
      "off the curve": concat([word(x), word(y + 1n)]),
      "above P": concat([word(x + P), word(y)]),
      infinity: concat([word(0n), word(0n)]),
      generator: concat([word(1n), word(2n)]),
      short: signature.slice(0, -2) as Hex,
      long: `${signature}00`,
      nothing: "0x",
    };
    const held = Object.entries(points).filter(([, point]) => verify(key, BigInt(round), point));
    expect(held).toEqual([]);
    expect(verify(cases.local.key, BigInt(round), signature)).toBe(false);
  });
});

describe("a local key", () => {
  const secret = secretKeyFrom(cases.local.secret);

  test("has its public key", () => {
    expect(publicKeyOf(secret)).toBe(cases.local.key);
  });

  test.each(cases.local.rounds)(
    "signs round $round as the cases tell",
    ({ round, signature, proof, seed }) => {
      expect(sign(secret, BigInt(round))).toBe(signature);
      expect(verify(cases.local.key, BigInt(round), signature)).toBe(true);
      expect(proofOf(BigInt(round), signature)).toBe(proof);
      expect(seedOf(signature)).toBe(seed);
    },
  );

  test("is never zero", () => {
    const order = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
    const bad = expect.objectContaining({ code: "randomness.bad_key" });
    expect(() => secretKeyFrom(word(0n))).toThrow(bad);
    expect(() => secretKeyFrom(word(order))).toThrow(bad);
    expect(secretKeyFrom(word(order + 7n))).toBe(7n);
  });
});

test.each<[string, Hex]>([
  ["too short", "0x1234"],
  ["off its curve", `${cases.evmnet.key.slice(0, -1)}c` as Hex],
  ["outside its group", cases.outsideTheGroup],
  ["infinity", `0x${"00".repeat(128)}`],
])("a key that is %s is refused", (_, key) => {
  const { round, signature } = at(cases.evmnet.rounds, 0);
  expect(() => verify(key, BigInt(round), signature)).toThrow(
    expect.objectContaining({ code: "randomness.bad_key" }),
  );
});
