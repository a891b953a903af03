import { type Hex, need } from "@sooth/kernel";
import { encodeAbiParameters } from "viem";
import { NO_RESULT } from "../facts.ts";
import { standingOn } from "../graph.ts";
import { addressOf, HUB, TOKEN } from "./addresses.ts";
import { withLimits } from "./limited.ts";
import { bundleId, legHash, legsHashOf } from "../hashes.ts";
import { type Leg, type Mode, type Place, STANDALONE } from "../types.ts";
import type { Known, Limit } from "./model/index.ts";
import { type Chance, chance } from "./random.ts";
import { chainAsWished, chainIdsOf, type OwnBundle, type Wishes } from "./wishes.ts";

/** All that makes a run: the same plan gives the same run, on every machine. */
export type Plan = {
  seed: number;
  /** The first one carries the hub. */
  chains: ChainPlan[];
  bundles: BundlePlan[];
  faults: Fault[];
  /** Of the five attesters, how many sign whatever they like. */
  liars: number;
  /** What bounds escrows; by itself nothing does. */
  limits: LimitPlan[];
};
export type LimitPlan = Limit & { chainId: number };
export type ChainPlan = {
  chainId: number;
  blockSeconds: number;
  /** Blocks on top of one before attesters believe it. No fault but a deep one takes back more. */
  wait: number;
  /** Which word of the chain's they wait for; null: they count blocks. */
  word: "safe" | "finalized" | null;
};
export type BundlePlan = {
  known: Known;
  opensAt: number;
  /** When the owner changes his mind; null: never. */
  abortsAt: number | null;
  /** Nobody opens it; its payers may have its legs held all the same. */
  isNeverOpened: boolean;
  /** Who is told the legs; null: everybody. Attesters know their hashes alone, whatever this says. */
  toldTo: string[] | null;
  /** Legs whose call fails. */
  fails: Place[];
  /** How often each compensation, and each participant, fails before it succeeds. */
  undoFailures: number;
  /** Until when participants fail, whatever they are given: now and then until the escape has been open for a while. */
  failsUntil: number;
  /** Legs of an escrow whose payer never agrees. */
  refuses: Place[];
};
export type Fault = { from: number; to: number } & (
  | { kind: "pause" | "halt" | "censor" | "slow"; chain: number }
  /** At `from`, once. */
  | { kind: "reorg"; chain: number; depth: number }
  | { kind: "crash" | "lying_node"; role: string }
);

export const ATTESTERS = 5;
export const QUORUM = 3;
export const RELAYERS = 2;
/** Days of the contracts are minutes here; so are the hour in which a limit drains, and the half hour in which a lane rests. */
export const SECONDS = { grace: 300, escape: 1_500, validity: 120, window: 600, spell: 300 };
const LAST_FAULT = 600;
const LONGEST_FAULT = 150;

export const roles = (): string[] => [
  ...Array.from({ length: RELAYERS }, (_, i) => `relayer ${i}`),
  ...Array.from({ length: ATTESTERS }, (_, i) => `attester ${i}`),
  "owner",
];

/** `deep`: a chain once takes back more than anybody waits for, which no promise but one survives. */
export function planOf(seed: number, deep = false, wishes: Wishes = {}): Plan {
  const dice = chance(seed, "plan");
  const chains = chainIdsOf(wishes, 2 + dice.below(3)).map((chainId, i): ChainPlan => {
    const word = dice.is(0.3) ? dice.pick(["safe", "finalized"] as const) : null;
    const drawn = { chainId, blockSeconds: dice.pick([1, 2, 4, 12]), wait: 1 + dice.below(6), word };
    return chainAsWished(drawn, i, wishes);
  });
  const drawnBundles = 1 + dice.below(3);
  const count = wishes.bundles ?? (wishes.own ? 1 : drawnBundles);
  const bundles = Array.from({ length: count }, (_, i) => bundlePlan(dice, chains, i, wishes.own));
  const drawnFaults = Array.from({ length: dice.below(7) }, () => fault(dice, chains));
  const faults = [...(wishes.faults ?? drawnFaults)];
  if (deep) {
    const chain = dice.below(chains.length);
    const at = 20 + dice.below(150);
    const depth = need(chains[chain], "chain").wait + 2 + dice.below(12);
    faults.push({ kind: "reorg", chain, depth, from: at, to: at });
  }
  const drawnLiars = dice.below(3);
  const plan = { seed, chains, bundles, faults, liars: wishes.liars ?? drawnLiars, limits: [] };
  return withLimits(plan, wishes);
}

function fault(dice: Chance, chains: readonly ChainPlan[]): Fault {
  const from = dice.below(LAST_FAULT);
  const span = { from, to: from + 1 + dice.below(LONGEST_FAULT) };
  const chain = dice.below(chains.length);
  const kind = dice.pick([
    "pause",
    "halt",
    "censor",
    "slow",
    "reorg",
    "reorg",
    "crash",
    "crash",
    "lying_node",
  ] as const);
  if (kind === "reorg")
    return { kind, chain, depth: 1 + dice.below(need(chains[chain], "chain").wait), from, to: from };
  if (kind === "crash" || kind === "lying_node") return { kind, role: dice.pick(roles()), ...span };
  return { kind, chain, ...span };
}

function bundlePlan(
  dice: Chance,
  chains: readonly ChainPlan[],
  index: number,
  own: OwnBundle | undefined,
): BundlePlan {
  const mode: Mode = own?.mode ?? (dice.is(0.5) ? "ordered" : "escrowed");
  const opensAt = dice.below(60);
  const hub = { chainId: need(chains[0], "hub").chainId, hub: HUB };
  const legs = own?.legs ?? (mode === "ordered" ? orderedLegs(dice, chains) : escrowLegs(dice, chains));
  const hashes = legs.map(legHash);
  const bundle = {
    owner: addressOf(0x1000 + index),
    mode,
    legs: legs.length,
    deadline: opensAt + (own?.seconds ?? 60 + dice.below(180)),
    legsHash: legsHashOf(hashes),
    fee: BigInt(dice.below(1_000)),
    salt: BigInt(index),
  };
  const toldTo = dice.is(0.25) ? [`relayer ${dice.below(RELAYERS)}`] : null;
  const wanted = legs.flatMap(({ undoes }, place) => (undoes === null ? place : []));
  return {
    known: { id: bundleId(hub, bundle), bundle, legs, hashes },
    opensAt,
    isNeverOpened: mode === "escrowed" && dice.is(0.1),
    toldTo,
    abortsAt: dice.is(0.2) ? opensAt + 5 + dice.below(240) : null,
    fails: mode === "ordered" && dice.is(0.3) ? [dice.pick(wanted)] : [],
    undoFailures: dice.is(0.3) ? 1 + dice.below(2) : 0,
    failsUntil: dice.is(0.05) ? bundle.deadline + SECONDS.escape + 200 : 0,
    refuses: mode === "escrowed" && dice.is(0.2) ? [dice.pick(wanted)] : [],
  };
}

const plain: Leg = {
  chainId: 0,
  kind: "shared",
  target: TOKEN,
  value: 0n,
  gasLimit: 100_000,
  data: "0x",
  ...STANDALONE,
  salt: NO_RESULT,
};

function orderedLegs(dice: Chance, chains: readonly ChainPlan[]): Leg[] {
  const legs = Array.from({ length: 1 + dice.below(3) }, (_, place): Leg => {
    const needsOk = Array.from({ length: place }, (_, one) => one).filter(() => dice.is(0.6));
    return { ...plain, chainId: dice.pick(chains).chainId, needsOk };
  });
  const undone = [...legs.keys()].toReversed().filter(() => dice.is(0.7));
  const placeOf = new Map(undone.map((place, i) => [place, legs.length + i]));
  const undos = undone.map((place): Leg => {
    const needsSettled = standingOn(legs, place).map((one) => placeOf.get(one) ?? one);
    const { chainId } = need(legs[place], "leg");
    return { ...plain, chainId, undoes: place, needsSettled: needsSettled.toSorted((a, b) => a - b) };
  });
  return [...legs, ...undos];
}

function escrowLegs(dice: Chance, chains: readonly ChainPlan[]): Leg[] {
  return Array.from({ length: 1 + dice.below(3) }, (_, place): Leg => {
    const data: Hex = encodeAbiParameters(
      [{ type: "address" }, { type: "address" }],
      [addressOf(0x2000 + place), addressOf(0x3000 + place)],
    );
    const value = BigInt(1 + dice.below(1_000));
    const chainId = dice.pick(chains).chainId;
    if (dice.is(0.25))
      return { ...plain, kind: "participant", chainId, target: addressOf(0x4000 + place), data: "0x" };
    return { ...plain, kind: "escrow", chainId, gasLimit: 0, value, data };
  });
}
