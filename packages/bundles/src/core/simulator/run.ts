import { need } from "@sooth/kernel";
import { isOver } from "../decide/index.ts";
import type { BundleShown } from "../view.ts";
import { short, type Violation } from "./invariants.ts";
import { viewOf } from "./look.ts";
import { type Plan, SECONDS } from "./plan.ts";
import { chance } from "./random.ts";
import { type Twist, World } from "./world.ts";

export type Ending = "completed" | "compensated" | "refunded" | "unopened" | "unfinished";
export type Run = {
  violation: Violation | null;
  /** How each bundle ended. */
  endings: Ending[];
  /** Why escrows let something not in, and how often. */
  refusals: Record<string, number>;
  blocks: number;
  seconds: number;
  trace: string[];
};

/** Chains move on by themselves for so long before time is skipped to the next thing that may happen. */
const QUIET_SECONDS = 150;
const AFTER_ALL = 1_200;

/** Plays a plan to its end: every bundle over, or the time in which it must be. */
export function simulate(plan: Plan, twist: Twist = {}, traced = false): Run {
  const world = new World(plan, twist, traced);
  const dice = chance(plan.seed, "time");
  const nextAt = plan.chains.map(({ blockSeconds }) => dice.below(blockSeconds + 1));
  const lastFault = Math.max(0, ...plan.faults.map(({ to }) => to));
  const lastEscape = Math.max(...plan.bundles.map(({ known }) => known.bundle.deadline)) + SECONDS.escape;
  const end = Math.max(lastFault, lastEscape) + AFTER_ALL;
  const points = pointsOf(plan);
  let [now, blocks] = [0, 0];
  while (now < end && world.violation === null) {
    const index = nextAt.indexOf(Math.min(...nextAt));
    now = need(nextAt[index], "time");
    nextAt[index] =
      now + Math.max(1, Math.round(need(plan.chains[index], "chain").blockSeconds * (0.5 + dice.draw())));
    world.step(index, now);
    blocks++;
    for (const actor of world.actors)
      if (dice.is(0.4) && !world.isDown(actor.role, now)) actor.turn(world, now);
    if (blocks % 16 === 0 && views(world).every(isDone)) break;
    const next = points.find((point) => point > now);
    if (next === undefined || now - world.stirred < QUIET_SECONDS || next - now < QUIET_SECONDS) continue;
    world.stirred = next;
    for (const chain of nextAt.keys()) nextAt[chain] = next + dice.below(5);
  }
  const endings = views(world).map(endingOf);
  const left = endings.indexOf("unfinished");
  if (left >= 0 && !world.isDeep && world.violation === null) {
    const { known } = need(plan.bundles[left], "bundle");
    world.fail({ rule: "liveness", what: `bundle ${short(known.id)} has not ended by itself` }, now);
  }
  const { violation, refusals, trace } = world;
  return { violation, endings, refusals, blocks, seconds: now, trace: trace ?? [] };
}

/** Times at which something may begin that nothing else leads to. */
function pointsOf({ bundles, faults }: Plan): number[] {
  const ofBundles = bundles.flatMap(({ known: { bundle }, opensAt, abortsAt }) => [
    opensAt,
    abortsAt ?? opensAt,
    ...[0, SECONDS.grace, SECONDS.escape].map((wait) => bundle.deadline + wait + 1),
  ]);
  return [...ofBundles, ...faults.flatMap(({ from, to }) => [from, to])].toSorted((a, b) => a - b);
}

const views = (world: World): BundleShown[] => {
  const sights = world.newest();
  return world.plan.bundles.map(({ known }) => need(viewOf(known, world.hubChain, sights), "view"));
};
const isDone = (view: BundleShown): boolean => isOver(view) && view.hub.settled;

function endingOf(view: BundleShown): Ending {
  const { outcome } = view.hub;
  if (outcome === "none") return view.shown.some(({ state }) => state === "held") ? "unfinished" : "unopened";
  if (!isDone(view)) return "unfinished";
  if (outcome === "committed") return "completed";
  return view.bundle.mode === "ordered" ? "compensated" : "refunded";
}
