import { bn254 } from "@noble/curves/bn254.js";
import { bytesToBigInt, concat, type Hex, keccak256, numberToHex, stringToBytes } from "viem";
import { EVMNET_KEY, EVMNET_ROUNDS } from "./evmnet-rounds.ts";
import { write } from "./cases.ts";

// The beacon: drand's own rounds, rounds of a local key in every shape, and forgeries by the holder of that key. The hash
// to the curve is worked out here as RFC 9380 writes it down (6.6.1, 4.1), with exponentiations and without witnesses;
// those of the proofs are then looked for apart. No library of ours takes part.

const P = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const TAG = stringToBytes("BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_");
/** Known to everybody: it signs nothing but these cases. */
const SECRET = 0x1f2e3d4c5b6a79880123456789abcdef0123456789abcdef0123456789abcdefn % R;

const mod = (value: bigint): bigint => ((value % P) + P) % P;
function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
const inv0 = (value: bigint): bigint => power(value, P - 2n);
const isSquare = (value: bigint): boolean => [0n, 1n].includes(power(value, (P - 1n) / 2n));
const root = (value: bigint): bigint => power(value, (P + 1n) / 4n);
const g = (x: bigint): bigint => mod(x * x * x + 3n);
const word = (value: bigint): Hex => numberToHex(value, { size: 32 });

const c1 = g(1n);
const c2 = mod(-inv0(2n));
const c3 = ((value) => (value & 1n ? P - value : value))(root(mod(-c1 * 3n)));
const c4 = mod(-4n * c1 * inv0(3n));

type Point = { x: bigint; y: bigint };
type Mapped = Point & { u: bigint; d: bigint; xs: [bigint, bigint, bigint]; kind: 0 | 1 | 2 };

function elements(round: bigint): bigint[] {
  const message = keccak256(numberToHex(round, { size: 8 }), "bytes");
  const tag = concat([TAG, new Uint8Array([TAG.length])]);
  const b0 = keccak256(concat([new Uint8Array(136), message, new Uint8Array([0, 96, 0]), tag]), "bytes");
  const b1 = keccak256(concat([b0, new Uint8Array([1]), tag]), "bytes");
  const b2 = keccak256(concat([b0.map((byte, i) => byte ^ (b1[i] ?? 0)), new Uint8Array([2]), tag]), "bytes");
  const b3 = keccak256(concat([b0.map((byte, i) => byte ^ (b2[i] ?? 0)), new Uint8Array([3]), tag]), "bytes");
  const all = concat([b1, b2, b3]);
  return [all.slice(0, 48), all.slice(48)].map((part) => mod(bytesToBigInt(part)));
}

/** The straight-line program of 6.6.1. */
function map(u: bigint): Mapped {
  const square = mod(u * u * c1);
  const tv2 = mod(1n + square);
  const tv1 = mod(1n - square);
  const tv3 = inv0(tv1 * tv2);
  const tv4 = mod(mod(u * tv1) * mod(tv3 * c3));
  const x1 = mod(c2 - tv4);
  const x2 = mod(c2 + tv4);
  const e1 = isSquare(g(x1));
  const e2 = isSquare(g(x2)) && !e1;
  const x3 = mod(power(mod(tv2 * tv2) * tv3, 2n) * c4 + 1n);
  const x = e1 ? x1 : e2 ? x2 : x3;
  const y = signed(u, root(g(x)));
  return { x, y, u, d: mod(tv1 * tv2), xs: [x1, x2, x3], kind: e1 ? 0 : e2 ? 1 : 2 };
}
const signed = (u: bigint, y: bigint): bigint => ((u & 1n) === (y & 1n) ? y : P - y);

function sign(points: readonly Point[]): Hex {
  const G1 = bn254.G1.ProjectivePoint;
  const [first = G1.ZERO, second = G1.ZERO] = points.map(({ x, y }) => G1.fromAffine({ x, y: mod(y) }));
  const { x, y } = first.add(second).multiply(SECRET).toAffine();
  return concat([word(x), word(y)]);
}

/** What is said of each element: kind, root and the witness of the non-square. */
type Said = { kind: number; y: bigint; w: bigint | null };
const honest = ({ kind, y, xs }: Mapped): Said => ({
  kind,
  y,
  w: kind === 0 ? null : root(mod(-g(xs[0]))),
});
const proof = (signature: Hex, inverse: bigint, said: readonly Said[]): Hex =>
  concat([
    signature,
    word(inverse),
    ...said.map(({ kind, y, w }) =>
      concat([numberToHex(kind, { size: 1 }), word(y), ...(w === null ? [] : [word(w)])]),
    ),
  ]);
const seed = (signature: Hex): Hex =>
  keccak256(concat([keccak256(stringToBytes("sooth.randomness.seed")), signature]));
const mapped = (round: bigint): [Mapped, Mapped] => elements(round).map(map) as [Mapped, Mapped];
const inverseOf = (both: readonly Mapped[]): bigint => inv0(both.reduce((all, { d }) => mod(all * d), 1n));

function aCase(round: bigint, signature: Hex) {
  const both = mapped(round);
  return {
    round: Number(round),
    kinds: both.map(({ kind }) => kind),
    signature,
    seed: seed(signature),
    proof: proof(signature, inverseOf(both), both.map(honest)),
  };
}

/** One round for each pair of kinds. */
function local() {
  const found = new Map<string, ReturnType<typeof aCase>>();
  for (let round = 1_000n; found.size < 9; round++) {
    const both = mapped(round);
    const shape = both.map(({ kind }) => kind).join();
    if (!found.has(shape)) found.set(shape, aCase(round, sign(both)));
  }
  return [...found.values()].toSorted((a, b) => a.round - b.round);
}

/** The first round from 2,000 on whose points are such. */
function first(ok: (both: [Mapped, Mapped]) => boolean): { round: bigint; both: [Mapped, Mapped] } {
  for (let round = 2_000n; ; round++) if (ok(mapped(round))) return { round, both: mapped(round) };
}

/**
 * What the key's holder could try, to have more than one point to choose from: each names a false point by one false
 * witness, and is rightly signed over that point.
 */
function forged() {
  const cases: { why: string; round: number; proof: Hex }[] = [];
  const add = (
    why: string,
    round: bigint,
    points: readonly Point[],
    inverse: bigint,
    said: readonly Said[],
  ) => cases.push({ why, round: Number(round), proof: proof(sign(points), inverse, said) });

  const any = first(() => true);
  const [a, b] = any.both;
  add("the other root", any.round, [{ x: a.x, y: P - a.y }, b], inverseOf(any.both), [
    { ...honest(a), y: P - a.y },
    honest(b),
  ]);
  add("the other root of the second element", any.round, [a, { x: b.x, y: P - b.y }], inverseOf(any.both), [
    honest(a),
    { ...honest(b), y: P - b.y },
  ]);
  const low = first(([one]) => one.y + P < 2n ** 256n);
  const [l, m] = low.both;
  // Above P its parity is the other one's, so that the sign would be free.
  add("the other root, written above P", low.round, [{ x: l.x, y: P - l.y }, m], inverseOf(low.both), [
    { ...honest(l), y: 2n * P - l.y },
    honest(m),
  ]);
  add("the root, written above P", low.round, low.both, inverseOf(low.both), [
    { ...honest(l), y: l.y + P },
    honest(m),
  ]);
  // g(x1) is a square, and a later candidate's as well: say that it is none, and take that one.
  for (const [kind, why] of [
    [1, "the second candidate for the first"],
    [2, "the third candidate for the first"],
  ] as const) {
    const { round, both } = first(([one]) => one.kind === 0 && isSquare(g(one.xs[kind])));
    const x = both[0].xs[kind];
    const y = signed(both[0].u, root(g(x)));
    add(why, round, [{ x, y }, both[1]], inverseOf(both), [{ kind, y, w: 5n }, honest(both[1])]);
  }
  const later = first(([, one]) => one.kind === 0 && isSquare(g(one.xs[1])));
  const x = later.both[1].xs[1];
  const y = signed(later.both[1].u, root(g(x)));
  add(
    "the second candidate for the first, of the second element",
    later.round,
    [later.both[0], { x, y }],
    inverseOf(later.both),
    [honest(later.both[0]), { kind: 1, y, w: 5n }],
  );
  // Without its root, the third candidate of an honest non-square cannot be named: g(x2) is the square.
  const second = first(([one]) => one.kind === 1);
  const third = second.both[0].xs[2];
  add("the third candidate for the second", second.round, second.both, inverseOf(second.both), [
    { kind: 2, y: signed(second.both[0].u, root(g(third))), w: honest(second.both[0]).w },
    honest(second.both[1]),
  ]);
  const odd = first((both) => falseInverse(both) !== null);
  const lie = falseInverse(odd.both);
  if (lie)
    add(
      "a false inverse",
      odd.round,
      lie.points,
      lie.inverse,
      lie.points.map(({ y }) => ({ kind: 0, y, w: null })),
    );
  return cases;
}

/** An inverse that is none, and two points on the curve that follow from it. */
function falseInverse(both: readonly [Mapped, Mapped]): { inverse: bigint; points: Point[] } | null {
  for (let inverse = 2n; inverse < 50n; inverse++) {
    const points = both.map(({ u }, index) => {
      const own = mod(inverse * (both[index === 0 ? 1 : 0]?.d ?? 0n));
      const x = mod(c2 - mod(mod(u * (1n - u * u * c1)) * mod(own * c3)));
      return isSquare(g(x)) ? { x, y: signed(u, root(g(x))) } : null;
    });
    if (points.every((point) => point !== null)) return { inverse, points };
  }
  return null;
}

/** A point of the twist that is none of the group: most are not, for the twist has a cofactor. */
function outsideTheGroup(): Hex {
  const { Fp2 } = bn254.fields;
  const b = Fp2.div(Fp2.fromBigTuple([3n, 0n]), Fp2.fromBigTuple([9n, 1n]));
  for (let c0 = 1n; ; c0++) {
    const x = Fp2.fromBigTuple([c0, 0n]);
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b);
    // A square of the field's extension has a norm that is a square.
    if (!isSquare(mod(square.c0 * square.c0 + square.c1 * square.c1))) continue;
    const y = Fp2.sqrt(square);
    if (bn254.G2.ProjectivePoint.fromAffine({ x, y }).isTorsionFree()) continue;
    return concat([x.c1, x.c0, y.c1, y.c0].map(word));
  }
}

export function beacon(): void {
  const { x, y } = bn254.G2.ProjectivePoint.BASE.multiply(SECRET).toAffine();
  const evmnet = EVMNET_ROUNDS.map(({ round, signature }) => aCase(round, `0x${signature}`));
  write("beacon.json", {
    evmnet: { key: EVMNET_KEY, genesis: 1_727_521_075, period: 3, rounds: evmnet },
    local: {
      secret: word(SECRET),
      key: concat([x.c1, x.c0, y.c1, y.c0].map(word)),
      genesis: 1_000,
      period: 3,
      rounds: local(),
      forged: forged(),
    },
    outsideTheGroup: outsideTheGroup(),
  });
}
