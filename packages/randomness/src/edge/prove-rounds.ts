import { drandBeaconAbi } from "@sooth/abi";
import { type BlockRef, enqueueTransaction, transactionStatus } from "@sooth/chain";
import { AppError } from "@sooth/kernel";
import { alert, counter, gauge } from "@sooth/runtime";
import { encodeFunctionData } from "viem";
import { proofOf, timeOf } from "../core/index.ts";
import { beaconIdentity, provedSeed } from "./beacon-contract.ts";
import type { RandomnessDeps } from "./deps.ts";

const asked = counter("randomness_proofs_total", "Proofs of rounds put into the outbox");
const lag = gauge(
  "randomness_lag_seconds",
  "Chain time since the publication of the oldest round that is needed and whose proof is not under way",
);
/** Whoever waits for the round waits on: no relay gives it, its proofs failed, or the worker stands still. */
alert({
  id: "randomness.round_late",
  severity: "page",
  forSeconds: 60,
  when: `${lag.metric} > 120`,
  runbook: "docs/runbooks/randomness.md#a-needed-round-is-late",
});

/** Rounds that somebody needs, published or not, proved or not. Told anew each time: it is a state, not an event. */
export type RoundRequests = (head: BlockRef) => Promise<readonly bigint[]>;

/** What fails this often fails for a reason that time does not mend. */
const ATTEMPTS = 5;
/** A relay may be some seconds behind the chain's clock: until then an absent round is no news. */
const GRACE_SECONDS = 30;
const AT_ONCE = 4;

/** After a block: proves what any of those who ask needs. Doing it twice, or on two machines, changes nothing. */
export async function sweepRounds(
  deps: RandomnessDeps,
  requests: readonly RoundRequests[],
  head: BlockRef,
): Promise<void> {
  const needed = await Promise.all(requests.map((ask) => ask(head)));
  await proveRounds(deps, needed.flat(), head.timestamp);
}

/**
 * Puts the proof of each round into the outbox that is published at `now` (unix seconds of the chain), and neither proved
 * nor under way. Level-triggered: give it what is needed, as often as you like. A round that no relay gives waits for the
 * next call, and so does no other; anything else that goes wrong is thrown once all rounds had their turn.
 */
export async function proveRounds(
  deps: RandomnessDeps,
  rounds: readonly bigint[],
  now: number,
): Promise<void> {
  const waiting = [...new Set(rounds)].toSorted((a, b) => (a < b ? -1 : 1));
  const failures: unknown[] = [];
  let longest = 0;
  const next = async () => {
    for (let round = waiting.shift(); round !== undefined; round = waiting.shift())
      try {
        longest = Math.max(longest, await proveRound(deps, round, now));
      } catch (error) {
        failures.push(error);
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  lag.set(longest);
  if (failures.length > 0) throw failures[0];
}

/** Seconds for which the round has been late: 0 while its proof is under way, once it is proved, and before it is published. */
async function proveRound(deps: RandomnessDeps, round: bigint, now: number): Promise<number> {
  const { beacon: to } = deps.addresses;
  const late = now - timeOf(await beaconIdentity(deps.hub, deps.addresses), round);
  if (late < 0) return 0;
  const key = await freeKey(deps, `randomness:${to.toLowerCase()}:${round}`);
  if (key === UNDER_WAY || (await provedSeed(deps.hub, deps.addresses, round)) !== null) return 0;
  // Nobody tries any more, so it stays late until somebody proves it by hand.
  if (key === GIVEN_UP) return late;
  try {
    const { signature } = await deps.beacon.fetch(round);
    const args = [round, proofOf(round, signature)] as const;
    const data = encodeFunctionData({ abi: drandBeaconAbi, functionName: "prove", args });
    await deps.store.transaction(async (tx) => {
      const chainId = deps.hub.definition.id;
      const request = { chainId, key, to, data, purpose: "randomness", priority: 0 } as const;
      if ((await enqueueTransaction(tx, request)).created) asked.inc();
    });
    return 0;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "randomness.beacon_unreachable")) throw error;
    deps.log[late > GRACE_SECONDS ? "warn" : "debug"](
      { err: error, round: String(round) },
      "round is not to be had",
    );
    return late;
  }
}

/** An attempt is on its way, or was mined. */
const UNDER_WAY = Symbol("under way");
/** As many failed as are made. */
const GIVEN_UP = Symbol("given up");

/** The key for the next attempt, or why there is none. */
async function freeKey(
  { store }: RandomnessDeps,
  key: string,
): Promise<string | typeof UNDER_WAY | typeof GIVEN_UP> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const name = attempt === 1 ? key : `${key}:${attempt}`;
    const known = await transactionStatus(store.db, name);
    if (!known) return name;
    if (known.status !== "failed") return UNDER_WAY;
  }
  return GIVEN_UP;
}
