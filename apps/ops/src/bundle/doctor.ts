import type { Missing } from "@sooth/bundles";
import type { WireBundleCall, WireBundleDetail } from "@sooth/bundles/core";
import { time } from "../verify/verify-question.ts";
import type { Failing } from "./try-legs.ts";
import { legName, legNames, ofLeg as placed } from "./words.ts";

export type Diagnosis = {
  /** One sentence: whether it moves, and if not, for whom it waits. */
  says: string;
  reasons: string[];
  /** Commands that move it, in the order in which they help. */
  todo: string[];
};

/**
 * Why a bundle does not move, in words, from what its chains show, what can be sent, what attesters do not say, and what came of
 * trying the legs that are next.
 */
export function diagnose(
  detail: WireBundleDetail,
  calls: readonly WireBundleCall[],
  missing: readonly Missing[],
  failing: readonly Failing[] = [],
): Diagnosis {
  const { id } = detail;
  if (["completed", "compensated", "refunded"].includes(detail.status.kind)) return over(detail);
  const reasons = [
    ...failing.map(({ place, fails }) => `${legName(place)} would fail as things stand: ${fails}`),
    ...ofChains(detail),
    ...ofLanes(detail),
    ...ofLegs(detail),
    ...ofAttesters(missing),
  ];
  const anybodys = calls.filter(({ by }) => by === null);
  const others = calls.filter(({ by, what }) => by !== null && what !== "abort");
  for (const { what, leg, by, chainId } of others)
    reasons.push(
      `${what}${placed(leg)} on chain ${chainId} waits for ${by}${what === "prepare" ? `, who sends it by npx sooth bundle pay ${id} --send` : ""}`,
    );
  const todo: string[] = [];
  if (anybodys.some(({ what }) => ["expire", "take_back", "reclaim"].includes(what)))
    todo.push(`sooth bundle refund ${id} --send`);
  if (detail.status.kind === "stuck") todo.push(`sooth bundle retry ${id} --send`);
  const steps = anybodys.filter(({ what }) => what !== "reclaim");
  if (steps.length > 0) {
    const listed = steps.map(({ what, leg, chainId }) => `${what}${placed(leg)} on chain ${chainId}`);
    reasons.push(`anybody may send now: ${listed.join(", ")}; nobody has yet`);
    if (todo.length === 0) todo.push(`sooth bundle relay ${id} --send`);
  }
  if (detail.shown.some(({ leg }) => leg === null))
    reasons.push("legs are private: only who has them can run them (sooth bundle relay --legs FILE)");
  return { says: saysOf(detail, steps.length > 0, missing, failing), reasons, todo };
}

function saysOf(
  { status, mode, deadline, times }: WireBundleDetail,
  canMove: boolean,
  missing: readonly Missing[],
  failing: readonly Failing[],
): string {
  if (status.kind === "stuck")
    return `aborted; the compensation of ${legNames(status.legs)} failed and is owed until somebody runs it`;
  if (failing.length > 0 && mode === "ordered")
    return `${legNames(failing.map(({ place }) => place))} would fail as things stand: mend that by ${time(deadline)}, or nothing more comes of it than an abort`;
  if (status.kind === "unopened") return "the hub has not opened it";
  if (canMove) return "it can move now, and waits for somebody to send it";
  if (missing.length > 0) return "it waits for attesters";
  if (status.kind === "decided")
    return `it is ${status.outcome}, and ${status.held.length === 0 ? `nothing is held any more; it is over when nobody can pay in, after ${time(deadline)}` : `${legNames(status.held)} wait to be finished`}`;
  if (status.kind === "preparing")
    return `it waits until its payers have paid in, until ${time(deadline)} at the latest`;
  return `nothing is due now; anybody may abort it from ${time(times.abortable)}, and escrows give back from ${time(times.escape)}`;
}

function over({ id, status, fees, times, clocks, chainId }: WireBundleDetail): Diagnosis {
  const stays = status.kind === "compensated" ? status.stays : [];
  const reasons = stays.length > 0 ? [`${legNames(stays)} ran, and nothing undoes it`] : [];
  const now = clocks.find((one) => one.chainId === chainId)?.now ?? 0;
  const isLeft = BigInt(fees.left) > 0n;
  if (isLeft)
    reasons.push(`${fees.left} wei of the fee are not claimed; the owner's from ${time(times.reclaimable)}`);
  const todo = isLeft && now > times.reclaimable ? [`sooth bundle refund ${id} --send`] : [];
  return { says: `it is over: ${status.kind}`, reasons, todo };
}

const ofChains = ({ clocks }: WireBundleDetail): string[] =>
  clocks.flatMap(({ chainId, paused, reachable }) => [
    ...(paused
      ? [
          `a contract of bundles is paused on chain ${chainId}: it ends by itself, 72 hours after it began at the latest`,
        ]
      : []),
    ...(reachable ? [] : [`no node of chain ${chainId} answers the server`]),
  ]);

/** What an escrow would not let in now. */
const ofLanes = ({ lanes = [] }: WireBundleDetail): string[] =>
  lanes.flatMap(({ chainId, other, token, places, wanted, room, restsUntil }) => {
    if (restsUntil !== null)
      return [
        `${legNames(places)} cannot be paid in before ${time(restsUntil)}: of ${token} for bundles with legs on chain ${other} more came back on chain ${chainId} than was paid, so that lane rests`,
      ];
    return BigInt(wanted) > BigInt(room)
      ? [
          `${legNames(places)} cannot be paid in now: the escrow on chain ${chainId} takes ${room} more of ${token} for bundles with legs on chain ${other}, and ${wanted} are wanted; an hour empties what is full`,
        ]
      : [];
  });

const ofLegs = ({ shown, status }: WireBundleDetail): string[] =>
  shown.flatMap(({ place, state, failures, chainId, wait }) => {
    if (state === "failed")
      return [
        `${legName(place)} failed on chain ${chainId}: its call reverted, or its conditions did not hold`,
      ];
    if (state === "missed") return [`${legName(place)} did not run by the deadline`];
    const found: string[] = [];
    if (state !== "ok" && failures > 0)
      found.push(`${legName(place)} was tried ${failures} times on chain ${chainId}, and failed each time`);
    if (state === "none" && wait !== null)
      found.push(`${legName(place)} was brought and left alone: ${WHY[wait]}`);
    if (state === "held" && status.kind === "decided")
      found.push(`${legName(place)} is held on chain ${chainId} though it is decided`);
    return found;
  });

const WHY = {
  late: "its deadline had passed",
  paused: "its settler was paused",
  resting: "its target fails so often that it rests for ten minutes",
  unfunded: "the owner's account does not hold its value",
  nested:
    "it failed where others could have seen to it; an account without code must bring it, ahead of legs that run well",
} as const;

const ofAttesters = (missing: readonly Missing[]): string[] =>
  missing.map(
    ({ facts, chainId, why }) =>
      `attesters do not say ${facts.map(({ kind }) => kind).join(", ")} for chain ${chainId}: ${why}`,
  );
