import {
  type Bundle,
  type BundleShown,
  type Leg,
  legHash,
  legsHashOf,
  NO_RESULT,
  NOBODY,
  STANDALONE,
} from "../src/core/index.ts";

/** Which chain the legs are on. */
export const ROLLUP = 31_338;

/** A call of everybody's contract that waits for nothing and does nothing. */
export const plainLeg = (over: Partial<Leg> = {}): Leg => ({
  chainId: ROLLUP,
  kind: "shared",
  target: NOBODY,
  value: 0n,
  gasLimit: 30_000,
  data: "0x",
  ...STANDALONE,
  salt: NO_RESULT,
  ...over,
});

type Over = {
  bundle?: Partial<Bundle>;
  hub?: Partial<BundleShown["hub"]>;
  /** Unix seconds, by every chain's clock. */
  now?: number;
  shown?: BundleShown["shown"];
  /** Whether a lane is bounded on every chain. */
  lanes?: boolean;
};

/** An ordered bundle that is open and none of whose legs anybody brought. */
export function shownBundle(
  legs: readonly Leg[],
  { bundle, hub, now = 1_000, shown, lanes = false }: Over = {},
): BundleShown {
  const hashes = legs.map(legHash);
  return {
    id: `0x${"01".repeat(32)}`,
    bundle: {
      owner: NOBODY,
      mode: "ordered",
      legs: legs.length,
      deadline: 2_000,
      legsHash: legsHashOf(hashes),
      fee: 0n,
      salt: 0n,
      ...bundle,
    },
    legs,
    hashes,
    hub: { now, paused: false, outcome: "open", base: 7n, fee: bundle?.fee ?? 0n, settled: false, ...hub },
    chains: new Map(legs.map(({ chainId }) => [chainId, { now, paused: false, lanes }])),
    shown: shown ?? legs.map(() => ({ state: "none", result: NO_RESULT, relayer: NOBODY, failures: 0 })),
  };
}
