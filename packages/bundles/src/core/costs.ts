import { wavesOf } from "./graph.ts";
import { compensates, type Leg, type Mode } from "./types.ts";

/**
 * Gas of whole transactions around a leg's own call, with three of four attesters' signatures: alone, and a leg's part where 50
 * share them. Rounded up from what was measured (contracts/snapshots); what is not measured yet stands here by its ceiling.
 */
const AROUND = {
  shared: { alone: 80_000n, batched: 13_000n },
  account: { alone: 85_000n, batched: 16_000n },
  value: { alone: 80_000n, batched: 13_000n },
  // Held by a transaction of its own, paid or given back with others.
  escrow: { alone: 240_000n, batched: 150_000n },
  participant: { alone: 240_000n, batched: 150_000n },
} as const;

/** Opening by signature, with what its legs take as logged bytes beside. */
const OPEN = 40_000n;
const LOGGED_BYTE = 25n;
const COMMIT = { ordered: 20_000n, escrowed: 11_000n } as const;
const SETTLE_A_LEG = 20_000n;

export type LegGas = { alone: bigint; batched: bigint };

/** @param callGas of the call itself, or what it may take at most */
export const legGas = (leg: Leg, callGas: bigint): LegGas => {
  const bytes = 16n * BigInt((leg.data.length - 2) / 2);
  const { alone, batched } = AROUND[leg.kind];
  return { alone: alone + bytes + callGas, batched: batched + bytes + callGas };
};

/** On the hub: opening, deciding and paying its shares, among others' bundles. */
export function hubGas(mode: Mode, legs: readonly Leg[], loggedBytes: number): bigint {
  return OPEN + LOGGED_BYTE * BigInt(loggedBytes) + COMMIT[mode] + SETTLE_A_LEG * BigInt(legs.length);
}

/** Attesters get a part of every share, and gas prices move: what relayers spend is to be covered by what is left. */
export const feeFor = (cost: bigint, attesterBps: number): bigint =>
  (cost * 12_500n) / BigInt(10_000 - attesterBps);

/** Seconds that a chain takes: until a transaction is in a block, and from there until attesters believe it. */
export type Pace = { inBlock: number; believed: number };

/**
 * From opening to the end when nobody dawdles. Ordered: the opening must be believed, then each wave runs and is believed, then
 * the hub commits. Escrowed: all is held at once and believed, the hub commits, that is believed, and all is paid.
 */
export function secondsOf(
  mode: Mode,
  legs: readonly Leg[],
  hub: Pace,
  paceOf: (chainId: number) => Pace,
): number {
  const slowest = (places: readonly number[], part: (pace: Pace) => number): number =>
    Math.max(0, ...places.map((place) => part(paceOf(legs[place]?.chainId ?? 0))));
  const all = [...legs.keys()];
  const there = ({ inBlock, believed }: Pace): number => inBlock + believed;
  if (mode === "escrowed")
    return Math.ceil(slowest(all, there) + there(hub) + slowest(all, ({ inBlock }) => inBlock));
  const waves = wavesOf(legs).map((wave) =>
    wave.filter((place) => !compensates(legs[place] ?? { undoes: null })),
  );
  return Math.ceil(there(hub) + waves.reduce((sum, wave) => sum + slowest(wave, there), 0) + hub.inBlock);
}
