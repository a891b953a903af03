import { opinionsAbi } from "@sooth/abi";
import { type BlockRef, isLocal } from "@sooth/chain";
import { type Address, type Hex, need } from "@sooth/kernel";
import { beaconIdentity } from "@sooth/randomness";
import { timeOf } from "@sooth/randomness/core";
import { alert, gauge } from "@sooth/runtime";
import { encodeFunctionData } from "viem";
import { doorOf, nextStep, type OpinionStep, opinionTermsHash, planPhase } from "../../core/index.ts";
import { withStates } from "../attempt-states.ts";
import type { Deps, OpinionDeps } from "../deps.ts";
import { eachOf } from "../each-of.ts";
import { keeperDuties } from "../keeper-duties.ts";
import { type KeeperCall, sendCalls } from "../send-calls.ts";
import {
  approverOf,
  type Proposal,
  type Standing,
  standingsOf,
  takenApproval,
} from "./approvals/proposals.ts";
import { failuresOf, forgetTaken, keepFailures, type Phase } from "./failed-phases.ts";
import { openStances } from "./open-stances.ts";
import { opinionMarketsByIds, type StoredOpinionMarket } from "./market-rows.ts";
import { payOpinions } from "./pay-opinions.ts";
import { revealCall } from "./reveal-call.ts";
import { scoreCall } from "./score-call.ts";
import { awaitedRounds, tellableStances, unsettledMarkets } from "./state-rows.ts";

const waiting = gauge(
  "markets_opinions_waiting",
  "Opinion markets whose answer is final, that wait for nobody's approval, and that nobody has scored yet",
);
alert({
  id: "markets.opinions_waiting",
  severity: "page",
  forSeconds: 600,
  when: `${waiting.metric} > 0`,
  runbook: "docs/runbooks/markets.md#opinion-markets-are-not-scored",
});

/** Markets looked at after one block; the others wait for the next. */
const LIMIT = 200;
/** Where people approve: what waits for them, for two weeks at most, must not keep the others from being looked at. */
const APPROVAL_LIMIT = 2_000;
/** Approvals that the contract is asked about. */
const ASKED_AT_ONCE = 8;
const REAL_GRACE_SECONDS = 3_600;

/**
 * Brings opinion markets to their last claim: hidden stances told, scored, drawn, everybody paid, as far as `keeperDuties` says.
 * Level-triggered: every look compares the rows with what is due, so doing it twice, or on two machines, changes nothing.
 */
export async function sweepOpinions(deps: OpinionDeps, head: BlockRef): Promise<void> {
  const { tells, claims } = keeperDuties(deps);
  if (!tells) return;
  const local = isLocal(deps.hub.definition.id) ? 0 : REAL_GRACE_SECONDS;
  const grace = deps.config.MARKETS_KEEPER_GRACE_SECONDS ?? local;
  // Stances first: they have until their market's reveal ends, and one that is not told costs all of its stake.
  await eachOf(deps.log, {
    open: () => openStances(deps, head),
    tell: () => tellStances(deps, head),
    steps: () => takeSteps(deps, head),
    forget: () => forgetTaken(deps.store.db),
    ...(claims && { pay: () => payOpinions(deps, head.timestamp, grace) }),
  });
}

/** For the worker, which has them proved: rounds of the beacon that opinion markets are drawn by. */
export const opinionRounds = ({ store }: Pick<Deps, "store">): Promise<bigint[]> => awaitedRounds(store.db);

/* STEPS */

async function tellStances(deps: Deps, head: BlockRef): Promise<void> {
  const told = await tellableStances(deps.store.db, head.timestamp, LIMIT);
  const markets = await opinionMarketsByIds(
    deps.store.db,
    told.map(({ market }) => market),
  );
  const calls = told.map((stance): Call => {
    const { terms } = need(markets.get(stance.market), `market ${stance.market} of a stance`);
    const key = `opinions:reveal:${stance.market}:${stance.owner}`;
    return { key, data: revealCall(terms, stance), purpose: "reveal", ...stance };
  });
  await attempt(deps, head, calls);
}

async function takeSteps(deps: Deps, head: BlockRef): Promise<void> {
  const { db } = deps.store;
  const { timestamp } = head;
  const found = await opinionMarketsByIds(db, await dueMarkets(deps, timestamp));
  const calls: Call[] = [];
  let unscored = 0;
  if (found.size > 0) {
    const [standings, schedule] = await Promise.all([
      standingsOf(deps, [...found.values()], timestamp),
      beaconIdentity(deps.hub, deps.addresses),
    ]);
    const approvals = await approvalsFor(deps, standings);
    for (const market of found.values()) {
      const { terms, ending, answer, finalAt, round, seed } = market;
      const approval = approvals.get(market.id) ?? null;
      const needsApproval = approval === null;
      const roundAt = round === null ? null : timeOf(schedule, round);
      const state = { ...terms, ending, answer, finalAt, roundAt, drawn: seed !== null, needsApproval };
      const step = nextStep(state, timestamp);
      if (ending === "none" && answer !== "disputed" && finalAt <= timestamp && !needsApproval) unscored += 1;
      if (!step) continue;
      // A market may be rearmed more than once: each time it is another step.
      const name = step === "rearm" ? `rearm:${market.round}` : step;
      const key = stepKey(name, market.id);
      const data = stepCall(step, market, approval ?? "0x");
      calls.push({ key, data, purpose: step, market: market.id, owner: null });
    }
  }
  await attempt(deps, head, calls);
  waiting.set(unscored);
}

async function dueMarkets(deps: Deps, now: number): Promise<Hex[]> {
  const { db } = deps.store;
  const due = await unsettledMarkets(db, now, LIMIT);
  if (due.length < LIMIT || !(await approverOf(deps)).asked) return due;
  return unsettledMarkets(db, now, APPROVAL_LIMIT);
}

/** What `score` takes of those who approve: nothing where nobody is asked and of what is void, null while they have not. */
async function approvalsFor(
  deps: Deps,
  standings: ReadonlyMap<string, Standing>,
): Promise<Map<string, Hex | null>> {
  const approvals = new Map<string, Hex | null>();
  const approved: [string, Proposal][] = [];
  for (const [id, standing] of standings) {
    if (standing.state === "approved") approved.push([id, standing]);
    else approvals.set(id, standing.state === "pending" ? null : "0x");
  }
  if (approved.length === 0) return approvals;
  const { committee } = await approverOf(deps);
  const failed = await failuresOf(
    deps.store.db,
    approved.map(([id]) => stepKey("score", id)),
  );
  const failures = (id: string) => failed.get(stepKey("score", id))?.failures ?? 0;
  const next = async () => {
    for (let one = approved.pop(); one; one = approved.pop())
      approvals.set(one[0], committee && (await takenApproval(deps, one[1], committee, failures(one[0]))));
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, next));
  return approvals;
}

function stepCall(step: OpinionStep, { id, terms }: StoredOpinionMarket, approval: Hex): Hex {
  const [hash, door] = [opinionTermsHash(terms), doorOf(terms)];
  const abi = opinionsAbi;
  switch (step) {
    case "score":
      return scoreCall(terms, approval);
    case "expire":
      return encodeFunctionData({ abi, functionName: "expire", args: [hash, door, terms.question] });
    case "rearm":
      return encodeFunctionData({ abi, functionName: "rearm", args: [id] });
    case "forgo":
      return encodeFunctionData({ abi, functionName: "forgo", args: [hash, door] });
  }
}

/* INSIDE */

const stepKey = (name: string, market: string): string => `opinions:${name}:${market}`;

type Call = Pick<KeeperCall, "key" | "data"> & {
  purpose: Phase;
  market: Hex;
  /** Whose stance a reveal tells. */
  owner: Address | null;
};

/** Gas, about: what the gas report says of each at the most. */
const GAS = { reveal: 70_000, score: 110_000, expire: 60_000, rearm: 60_000, forgo: 60_000 } satisfies Record<
  Call["purpose"],
  number
>;

/** One key a market and phase: sent once, and anew where it failed, as `planPhase` says. */
async function attempt(deps: Deps, head: BlockRef, calls: readonly Call[]): Promise<void> {
  const { db } = deps.store;
  const known = await failuresOf(
    db,
    calls.map(({ key }) => key),
  );
  const plans = await withStates(db, (stateOf) =>
    calls.map((call) => ({ call, ...planPhase(call.key, stateOf, head, known.get(call.key)) })),
  );
  await keepFailures(
    db,
    plans.flatMap(({ call: { key, purpose: phase, market, owner }, failed }) =>
      failed ? [{ ...failed, key, phase, market, owner }] : [],
    ),
  );
  const due = plans.flatMap(({ call, send }): KeeperCall[] =>
    send === null
      ? []
      : [
          {
            key: send,
            data: call.data,
            purpose: call.purpose,
            gas: GAS[call.purpose],
            isFirst: send === call.key,
          },
        ],
  );
  await sendCalls(deps, deps.addresses.opinions, due);
}
