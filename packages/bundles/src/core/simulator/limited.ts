import { need } from "@sooth/kernel";
import { encodeAbiParameters } from "viem";
import { NO_RESULT } from "../facts.ts";
import { bundleId, legHash, legsHashOf } from "../hashes.ts";
import { type Bundle, type Leg, STANDALONE } from "../types.ts";
import { addressOf, HUB, TOKEN } from "./addresses.ts";
import type { BundlePlan, LimitPlan, Plan } from "./plan.ts";
import { type Chance, chance } from "./random.ts";
import type { Wishes } from "./wishes.ts";

/** Who fills limits. */
export const BORROWER = "borrower";
const LIMITED = 0.3;
/** Over so many seconds the bundles of a plan with limits are spread, for a limit is felt by who comes later. */
const SPREAD = 240;

/**
 * A plan with the limits that are wished for, or with drawn ones now and then. With limits come bundles that are opened one after
 * another, and somebody who means to fill them.
 */
export function withLimits(plan: Plan, wishes: Wishes): Plan {
  const dice = chance(plan.seed, "limits");
  const isSaid = wishes.own !== undefined || wishes.faults !== undefined;
  const limits = wishes.limits ?? (!isSaid && dice.is(LIMITED) ? drawn(dice, plan) : []);
  if (limits.length === 0) return plan;
  const hub = need(plan.chains[0], "hub").chainId;
  const bundles = plan.bundles.map((one, i) => (i === 0 ? one : later(one, dice.below(SPREAD), hub)));
  if (wishes.bundles === undefined && !wishes.own) {
    const limit = dice.pick(limits);
    const who = dice.pick(["many", "many", "one", "nobody"] as const);
    if (who === "many") bundles.push(...traffic(dice, limit, bundles.length, hub));
    if (who === "one") bundles.push(filling(dice, limit, bundles.length, hub));
  }
  return { ...plan, bundles, limits: [...limits] };
}

/** Such as bundles of the plan come upon. */
function drawn(dice: Chance, { bundles }: Plan): LimitPlan[] {
  const found = new Map<string, LimitPlan>();
  const held = bundles.flatMap(({ known: { legs } }) =>
    legs.filter(({ kind }) => kind === "escrow").map((leg) => ({ leg, legs })),
  );
  for (let count = held.length === 0 ? 0 : 1 + dice.below(3); count > 0; count--) {
    const { leg, legs } = dice.pick(held);
    const others = legs.map(({ chainId }) => chainId).filter((id) => id !== leg.chainId);
    const other = others.length > 0 && dice.is(0.8) ? dice.pick(others) : null;
    const most = BigInt(Math.max(1, Math.floor(Number(leg.value) * (0.5 + 2 * dice.draw()))));
    const from = dice.is(0.2) ? dice.below(SPREAD) : 0;
    found.set(`${leg.chainId} ${other}`, { chainId: leg.chainId, other, most, token: null, from });
  }
  return [...found.values()];
}

/** The same bundle some seconds later. */
function later(plan: BundlePlan, seconds: number, hub: number): BundlePlan {
  const { known, opensAt, abortsAt, failsUntil } = plan;
  const bundle = { ...known.bundle, deadline: known.bundle.deadline + seconds };
  return {
    ...plan,
    known: { ...known, bundle, id: idOf(hub, bundle) },
    opensAt: opensAt + seconds,
    abortsAt: abortsAt === null ? null : abortsAt + seconds,
    failsUntil: failsUntil === 0 ? 0 : failsUntil + seconds,
  };
}

const idOf = (hub: number, bundle: Bundle) => bundleId({ chainId: hub, hub: HUB }, bundle);

/** One bundle after another that brings much of what a limit lets: what is given back has a lane rest, what is paid weighs against it. */
function traffic(dice: Chance, limit: LimitPlan, first: number, hub: number): BundlePlan[] {
  let opensAt = dice.below(SPREAD);
  return Array.from({ length: 4 + dice.below(3) }, (_, i) => {
    opensAt += dice.below(50);
    const value = limit.most / BigInt(dice.pick([2, 2, 8, 20]));
    const abortsAt = dice.is(0.5) ? opensAt + 15 + dice.below(30) : null;
    return {
      ...heldOn(limit, { value, opensAt, seconds: 60 + dice.below(90), index: first + i, hub }),
      abortsAt,
    };
  });
}

/** Legs to fill a limit with, of a bundle that its owner aborts at once: so what it holds may leave as it came. */
function filling(dice: Chance, limit: LimitPlan, index: number, hub: number): BundlePlan {
  const value = limit.most / BigInt(1 + dice.below(2));
  const opensAt = dice.below(SPREAD);
  const plan = heldOn(limit, { value, opensAt, seconds: 100 + dice.below(140), index, hub });
  return { ...plan, abortsAt: opensAt + 1, toldTo: [BORROWER] };
}

type Held = { value: bigint; opensAt: number; seconds: number; index: number; hub: number };

/** A bundle that counts against a limit: a leg that it bounds, and where it is a lane's, one on the other chain. */
function heldOn({ chainId, other, token }: LimitPlan, held: Held): BundlePlan {
  const { value, opensAt, seconds, index, hub } = held;
  const legs = [chainId, ...(other === null ? [] : [other])].map((on, place): Leg => ({
    chainId: on,
    kind: "escrow",
    target: token ?? TOKEN,
    value: value > 0n ? value : 1n,
    gasLimit: 0,
    data: encodeAbiParameters(
      [{ type: "address" }, { type: "address" }],
      [addressOf(0x5000 + place), addressOf(0x6000 + place)],
    ),
    ...STANDALONE,
    salt: NO_RESULT,
  }));
  const hashes = legs.map(legHash);
  const bundle: Bundle = {
    owner: addressOf(0x1000 + index),
    mode: "escrowed",
    legs: legs.length,
    deadline: opensAt + seconds,
    legsHash: legsHashOf(hashes),
    fee: 0n,
    salt: BigInt(index),
  };
  return {
    known: { id: idOf(hub, bundle), bundle, legs, hashes },
    opensAt,
    abortsAt: null,
    isNeverOpened: false,
    toldTo: null,
    fails: [],
    undoFailures: 0,
    failsUntil: 0,
    refuses: [],
  };
}
