import { type Address, need } from "@sooth/kernel";
import { type Action, factsShown, nextSteps, sayable, trustedBlock } from "../decide/index.ts";
import { type Fact, factText, NO_RESULT, NOBODY } from "../facts.ts";
import type { BundleShown } from "../view.ts";
import { forged, type Sight, viewOf } from "./look.ts";
import type { Call, Known, State } from "./model/index.ts";
import { type BundlePlan, SECONDS } from "./plan.ts";
import type { Chance } from "./random.ts";
import type { World } from "./world.ts";

/** Somebody who acts now and then. What he keeps in memory is lost when he crashes; what he wrote down is not. */
export type Actor = { role: string; turn(world: World, now: number): void; crash(): void };

const RESEND_SECONDS = 25;
/** Who saw nothing new looks again after so long, because time alone may have made something possible. */
const LOOK_SECONDS = 12;

/** Runs the relayer's decisions, and knows nothing but what its node shows. */
export function relayer(role: string, by: Address, dice: Chance): Actor {
  const sent = new Map<string, number>();
  let [looked, lookAgain] = [-1, 0];
  return {
    role,
    crash: () => {
      sent.clear();
      looked = -1;
    },
    turn: (world, now) => {
      if (looked === world.changes && now < lookAgain) return;
      [looked, lookAgain] = [world.changes, now + LOOK_SECONDS];
      const sights = world.newest(world.isLyingTo(role, now) ? forged : undefined);
      for (const { known, toldTo } of world.plan.bundles) {
        const view = viewOf(known, world.hubChain, sights);
        if (!view) continue;
        const isTold = toldTo?.includes(role) ?? true;
        const attested = (fact: Fact) => world.pool.isAttested(fact, now, world.setting.quorum);
        for (const action of world.habits.relay(nextSteps(view, attested, SECONDS).act)) {
          if (!isTold && showsLegs(action)) continue;
          const key = `${known.id} ${action.do} ${"leg" in action ? action.leg : ""}`;
          if ((sent.get(key) ?? -RESEND_SECONDS) + RESEND_SECONDS > now) continue;
          world.send(role, callOf(known, view, action, by, world, now), now, dice);
          sent.set(key, now);
          // It may go down between any two of its steps.
          if (world.goesDown(role, now, dice)) return sent.clear();
        }
      }
    },
  };
}

/** Whoever does not know the legs may still have decided what is known of them by their receipts. */
const showsLegs = (action: Action): boolean =>
  "leg" in action || (action.do === "abort" && action.why === "unopened");

function callOf(
  known: Known,
  view: BundleShown,
  action: Action,
  by: Address,
  world: World,
  now: number,
): Call {
  const evidence = action.facts.map((fact) => world.pool.evidence(fact, now));
  const common = { bundle: known, by, evidence };
  const base = view.hub.base ?? 0n;
  switch (action.do) {
    case "run":
    case "compensate":
      return { ...common, to: "settler", do: "run", leg: action.leg, base };
    case "cancel":
      return { ...common, to: "settler", do: "cancel", leg: action.leg, base };
    case "prepare":
    case "finish":
    case "take_back":
      return { ...common, to: "escrow", do: action.do, leg: action.leg };
    default:
      return { ...common, to: "hub", do: action.do };
  }
}

/** Signs what two nodes agree on, under its policy, and writes it down before. */
export function attester(role: string, seat: number, dice: Chance): Actor {
  let journal = new Map<string, string>();
  let looked: readonly State[] = [];
  let lookAgain = 0;
  return {
    role,
    // The journal stays: it is on a disk.
    crash: () => void (looked = []),
    turn: (world, now) => {
      if (!world.habits.journal) journal = new Map();
      const sights = trusted(world, role, now);
      const seen = [...sights.values()].map(({ state }) => state);
      const isNew = seen.length !== looked.length || seen.some((state, i) => state !== looked[i]);
      if (!isNew && now < lookAgain) return;
      [looked, lookAgain] = [seen, now + SECONDS.validity / 3];
      for (const { known } of world.plan.bundles) {
        const view = viewOf(known, world.hubChain, sights);
        if (!view) continue;
        for (const fact of sayable(factsShown(view), journal).sign) {
          const { subject, content } = factText(fact);
          journal.set(subject, content);
          // Down between writing and handing over: nothing is lost, it is signed again.
          if (world.goesDown(role, now, dice)) {
            looked = [];
            return;
          }
          world.sign(seat, fact, now, true);
        }
      }
    },
  };
}

/** The states that the attester believes, chain by chain; none of a chain whose nodes do not agree. */
function trusted(world: World, role: string, now: number): Map<number, Sight> {
  const sights = new Map<number, Sight>();
  for (const chain of world.chains) {
    const { plan } = chain;
    const wait = world.habits.finality ? (plan.word ?? { blocks: plan.wait }) : { blocks: 0 };
    const honest = chain.node();
    const lies = world.isLyingTo(role, now);
    const second = lies ? { ...honest, hashOf: () => "0x11e5" as const } : honest;
    const pair = world.habits.twoNodes ? ([honest, second] as const) : ([second, second] as const);
    const found = trustedBlock(wait, pair);
    if ("refused" in found) continue;
    const block = need(chain.blockAt(found.block), "trusted block");
    const state = found.hash === block.hash ? block.state : forged(block.state);
    sights.set(plan.chainId, { state, now: block.now, paused: block.paused });
  }
  return sights;
}

/** Signs whatever would do most harm, and the truth too where that is of use. */
export function liar(role: string, seat: number): Actor {
  let [looked, lookAgain] = [-1, 0];
  return {
    role,
    crash: () => {},
    turn: (world, now) => {
      if (looked === world.changes || now < lookAgain) return;
      [looked, lookAgain] = [world.changes, now + 3 * LOOK_SECONDS];
      const sights = world.newest();
      for (const { known } of world.plan.bundles) {
        const base = sights.get(world.hubChain)?.state.hub.get(known.id)?.base ?? 1n;
        const { id } = known;
        const both = (["committed", "aborted"] as const).map((outcome): Fact => ({
          kind: "decision",
          id,
          base,
          outcome,
        }));
        const ran = known.legs.flatMap((_, place): Fact[] =>
          (["ok", "failed"] as const).map((status) => ({
            kind: "receipt",
            ordinal: base + BigInt(place),
            status,
            result: NO_RESULT,
            relayer: NOBODY,
          })),
        );
        const view = viewOf(known, world.hubChain, sights);
        for (const fact of [
          ...both,
          ...ran,
          { kind: "prepared", id } as const,
          ...(view ? factsShown(view) : []),
        ])
          world.sign(seat, fact, now, false);
      }
    },
  };
}

/** Opens bundles, lets their tokens be taken, and now and then changes his mind. */
export function owner(dice: Chance): Actor {
  const asked = new Map<string, number>();
  const again = (key: string, now: number): boolean => {
    if ((asked.get(key) ?? -RESEND_SECONDS) + RESEND_SECONDS > now) return false;
    asked.set(key, now);
    return true;
  };
  return {
    role: "owner",
    crash: () => asked.clear(),
    turn: (world, now) => {
      const hubState = need(world.newest().get(world.hubChain), "hub").state;
      for (const { known, opensAt, abortsAt, isNeverOpened } of world.plan.bundles) {
        const by = known.bundle.owner;
        const outcome = hubState.hub.get(known.id)?.outcome;
        const call = { bundle: known, by, evidence: [], to: "hub" } as const;
        if (isNeverOpened) {
          const places = now >= opensAt && now <= known.bundle.deadline ? known.legs.keys() : [];
          for (const leg of places)
            if (again(`prepare ${known.id} ${leg}`, now))
              world.send("owner", { ...call, to: "escrow", do: "prepare", leg }, now, dice);
        } else if (!outcome && now >= opensAt && again(`open ${known.id}`, now))
          world.send("owner", { ...call, do: "open" }, now, dice);
        if (outcome === "open" && abortsAt !== null && now >= abortsAt && again(`abort ${known.id}`, now))
          world.send("owner", { ...call, do: "abort" }, now, dice);
      }
    },
  };
}

/** Sends anything that anybody can, with whatever signatures lie around. */
export function stranger(by: Address, dice: Chance): Actor {
  return {
    role: "stranger",
    crash: () => {},
    turn: (world, now) => {
      if (!dice.is(0.4)) return;
      const { known, toldTo } = dice.pick<BundlePlan>(world.plan.bundles);
      if (toldTo) return;
      const evidence = world.pool.all(now);
      const base = world.newest().get(world.hubChain)?.state.hub.get(known.id)?.base ?? 1n;
      const leg = dice.below(known.legs.length);
      const common = { bundle: known, by, evidence };
      const call = dice.pick<Call>([
        ...(["open", "commit", "abort", "settle"] as const).map((one): Call => ({
          ...common,
          to: "hub",
          do: one,
        })),
        ...(["run", "run", "cancel"] as const).map((one): Call => ({
          ...common,
          to: "settler",
          do: one,
          leg,
          base,
        })),
        ...(["prepare", "finish", "take_back"] as const).map((one): Call => ({
          ...common,
          to: "escrow",
          do: one,
          leg,
        })),
      ]);
      // Nobody opens another's bundle without his signature; that he has signed is what `opensAt` says.
      if (call.to === "hub" && call.do === "open") return;
      world.send("stranger", call, now, dice);
    },
  };
}
