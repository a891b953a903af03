import { type FinalityPolicy, type Wait } from "./decide/finality.ts";
import { waitOf } from "./decide/policies.ts";
import { wavesOf } from "./graph.ts";
import { compensates, type Leg, type Mode } from "./types.ts";

/** Until attesters were asked, and enough of them said so. */
const ASKING_SECONDS = 2;

/** Seconds from a block to the chain's own word of it: the least, and the usual. */
type Lag = { least: number; usual: number };
/** What is known of a chain's blocks. */
export type Timing = {
  id: number;
  /** Usual seconds between two blocks. */
  blockSeconds: number;
  marks: { safe: Lag; finalized: Lag };
};
export type ChainWait = { chainId: number; wait: Wait; seconds: number };
export type BundleTimes = {
  /** From opening to the end, when nobody dawdles. */
  seconds: number;
  /** Where less than this lies between opening and deadline the bundle cannot succeed, whoever hurries. */
  least: number;
  /** Of each chain with a part in it, the hub first. */
  waits: ChainWait[];
};

/**
 * How long a bundle takes where attesters wait by these policies for what hangs on it.
 * @param value wei, as of {valueOf}: null when it is not known
 * @throws bundles.no_policy
 */
export function bundleTimes(
  { mode, legs, value }: { mode: Mode; legs: readonly Leg[]; value: bigint | null },
  hub: Timing,
  timingOf: (chainId: number) => Timing,
  policyOf: (chainId: number) => FinalityPolicy,
): BundleTimes {
  const ids = [...new Set([hub.id, ...legs.map(({ chainId }) => chainId)])];
  const chains = new Map(
    ids.map((id) => {
      const timing = id === hub.id ? hub : timingOf(id);
      const wait = waitOf(policyOf(id), value);
      return [id, { timing, wait, lag: lagOf(wait, timing) }] as const;
    }),
  );
  const known = (id: number) => chains.get(id) ?? { lag: { least: 0, usual: 0 }, timing: hub };
  const usual = (id: number): Pace => ({
    inBlock: Math.max(1, known(id).timing.blockSeconds),
    believed: known(id).lag.usual + ASKING_SECONDS,
  });
  const least = (id: number): Pace => ({ inBlock: 0, believed: known(id).lag.least });
  return {
    seconds: secondsOf(mode, legs, usual(hub.id), usual),
    least: untilDone(mode, legs, least(hub.id), least),
    waits: [...chains].map(([chainId, { wait, lag }]) => ({ chainId, wait, seconds: Math.ceil(lag.usual) })),
  };
}

function lagOf(wait: Wait, { blockSeconds, marks }: Timing): Lag {
  if (typeof wait === "string") return marks[wait];
  const seconds = wait.blocks * blockSeconds;
  return { least: seconds, usual: seconds };
}

/** Seconds that a chain takes: until a transaction is in a block, and from there until attesters believe it. */
export type Pace = { inBlock: number; believed: number };
type PaceOf = (chainId: number) => Pace;

const there = ({ inBlock, believed }: Pace): number => inBlock + believed;
const slowest = (legs: readonly Leg[], paceOf: PaceOf, part: (pace: Pace) => number): number =>
  Math.max(0, ...legs.map(({ chainId }) => part(paceOf(chainId))));
/** What an owner wants done, wave by wave. */
const wantedWaves = (legs: readonly Leg[]): Leg[][] =>
  wavesOf(legs)
    .map((wave) => wave.flatMap((place) => legs[place] ?? []).filter((leg) => !compensates(leg)))
    .filter((wave) => wave.length > 0);

/**
 * From opening to the end. Ordered: the opening must be believed, then each wave runs and is believed, then the hub commits.
 * Escrowed: all is held at once and believed, the hub commits, that is believed, and all is paid.
 */
export function secondsOf(mode: Mode, legs: readonly Leg[], hub: Pace, paceOf: PaceOf): number {
  if (mode === "escrowed")
    return Math.ceil(
      slowest(legs, paceOf, there) + there(hub) + slowest(legs, paceOf, ({ inBlock }) => inBlock),
    );
  const waves = wantedWaves(legs).reduce((sum, wave) => sum + slowest(wave, paceOf, there), 0);
  return Math.ceil(there(hub) + waves + hub.inBlock);
}

/** From opening to the last thing that the deadline bounds: of ordered legs the last one's run, else the hub's commitment. */
function untilDone(mode: Mode, legs: readonly Leg[], hub: Pace, paceOf: PaceOf): number {
  if (mode === "escrowed") return Math.floor(slowest(legs, paceOf, there) + hub.inBlock);
  const waves = wantedWaves(legs);
  const before = waves.slice(0, -1).reduce((sum, wave) => sum + slowest(wave, paceOf, there), 0);
  return Math.floor(there(hub) + before + slowest(waves.at(-1) ?? [], paceOf, ({ inBlock }) => inBlock));
}
