import {
  type Bundle,
  bundleId,
  cancelArgs,
  type Fact,
  factLeaf,
  type Hub,
  type Leg,
  legHash,
  legsHashOf,
  type Mode,
  NO_RESULT,
  runArgs,
  type Settled,
  standingOn,
  STANDALONE,
} from "@sooth/bundles/core";
import {
  ALL_RULES,
  apply,
  type Call,
  GENESIS,
  type Known,
  type Setting,
  type State,
  UNBOUNDED,
} from "@sooth/bundles/simulator";
import { encodeFunctionData, type Hex, parseAbi } from "viem";
import { randomNumbers, times, write } from "./cases.ts";

// What the simulator's settler makes of calls, for the contract to make the same of. So the model that schedules are played
// on is the contract's own behaviour, and not what somebody thinks of it.

const abi = parseAbi([
  "struct LegWords { uint256 place; uint256 rules; uint256 callee; bytes32 salt; }",
  "struct RunnableLeg { LegWords words; bytes data; bytes inputs; bytes needs; }",
  "struct CancelledLeg { LegWords words; bytes32 dataHash; bytes32 inputsHash; }",
  "struct LegReceipt { uint64 ordinal; uint8 status; bytes32 result; address relayer; bytes returned; }",
  "struct BundleDecision { bytes32 id; uint64 base; uint8 outcome; }",
  "function run(RunnableLeg[] legs, LegReceipt[] receipts, BundleDecision[] decisions, bytes evidence, address relayer)",
  "function cancel(CancelledLeg[] legs, LegReceipt[] receipts, BundleDecision[] decisions, bytes evidence, address relayer)",
]);

export const CHAIN = 10;
const TARGET: Hex = `0x${"7a".repeat(20)}`;
export const RELAYER: Hex = `0x${"4e".repeat(20)}`;
export const OWNER: Hex = `0x${"0a".repeat(20)}`;
export const START = 1_750_000_000;
export const DEADLINE = START + 100;
const [SEQUENCES, STEPS] = [14, 9];
const SETTLED: readonly Settled[] = ["ok", "failed", "cancelled", "missed"];

export type Random = (below: bigint) => bigint;
export const is = (random: Random, percent: bigint) => random(100n) < percent;

/** Two or three legs that may need each other, and what undoes some of them. */
export function orderedBundle(random: Random, hub: Hub): Known {
  const plain = {
    chainId: CHAIN,
    kind: "shared" as const,
    target: TARGET,
    value: 0n,
    gasLimit: 60_000,
    data: "0x" as Hex,
    ...STANDALONE,
    salt: NO_RESULT,
  };
  const wanted = times(2 + Number(random(2n)), (place): Leg => {
    const before = times(place, (one) => one);
    const needsOk = before.filter(() => is(random, 50n));
    const needsSettled = before.filter((one) => !needsOk.includes(one) && is(random, 30n));
    return { ...plain, needsOk, needsSettled };
  });
  const undone = [...wanted.keys()].toReversed().filter(() => is(random, 70n));
  const placeOf = new Map(undone.map((place, i) => [place, wanted.length + i]));
  const undos = undone.map((place): Leg => {
    const needsSettled = standingOn(wanted, place).map((one) => placeOf.get(one) ?? one);
    return { ...plain, undoes: place, needsSettled: needsSettled.toSorted((a, b) => a - b) };
  });
  return freeBundle(hub, "ordered", [...wanted, ...undos], random);
}

/** Of these legs, without a fee. */
export function freeBundle(hub: Hub, mode: Mode, legs: readonly Leg[], random: Random): Known {
  const hashes = legs.map(legHash);
  const bundle: Bundle = {
    owner: OWNER,
    mode,
    legs: legs.length,
    deadline: DEADLINE,
    legsHash: legsHashOf(hashes),
    fee: 0n,
    salt: random(1n << 60n),
  };
  return { id: bundleId(hub, bundle), bundle, legs, hashes };
}

/** Facts that somebody might show for a leg: some true here, some of other chains, some that help nobody. */
function factsFor(random: Random, known: Known, base: bigint, place: number, state: State): Fact[] {
  const { id, bundle, legs, hashes } = known;
  const opened: Fact = {
    kind: "opened",
    base,
    index: place,
    owner: bundle.owner,
    deadline: bundle.deadline,
    leg: hashes[place] ?? "0x",
  };
  const receipts = [...legs.keys()]
    .filter((one) => one !== place && is(random, 92n))
    .map((one): Fact => {
      const ordinal = base + BigInt(one);
      const here = state.receipts.get(ordinal);
      if (here) return { kind: "receipt", ordinal, ...here };
      const status = is(random, 75n) ? "ok" : (SETTLED[Number(random(4n))] ?? "ok");
      return { kind: "receipt", ordinal, status, result: NO_RESULT, relayer: RELAYER };
    });
  const outcome = is(random, 90n) ? "aborted" : "committed";
  const decision: Fact = { kind: "decision", id, base: is(random, 95n) ? base : base + 1n, outcome };
  return [opened, ...receipts, ...(is(random, 75n) ? [decision] : [])];
}

function sequence(random: Random) {
  const known = orderedBundle(random, { chainId: 1, hub: TARGET });
  const base = 1n + random(1_000n);
  let [state, now]: [State, number] = [GENESIS, START];
  const steps = times(STEPS, (height) => {
    now += Number(random(38n));
    // Mostly of what may still become something.
    const open = [...known.legs.keys()].filter((place) => !state.receipts.has(base + BigInt(place)));
    const from = open.length > 0 && is(random, 85n) ? open : [...known.legs.keys()];
    const leg = from[Number(random(BigInt(from.length)))] ?? 0;
    const what = is(random, 65n) ? ("run" as const) : ("cancel" as const);
    const fails = is(random, 35n);
    const facts = factsFor(random, known, base, leg, state);
    const item = { ...known, base, place: leg, facts };
    const args = what === "run" ? runArgs([item], RELAYER) : cancelArgs([item], RELAYER);
    // Now and then one that nobody signed: the contract believes all that it is shown, or nothing.
    const unsaid = is(random, 6n) ? Number(random(BigInt(args.facts.length))) : -1;
    const setting: Setting = {
      quorum: 1,
      times: { grace: 0, escape: 0 },
      succeeds: () => !fails,
      authorised: () => false,
      bounds: UNBOUNDED,
      rules: ALL_RULES,
    };
    const evidence = facts.map((fact) => ({ fact, signers: 1, validUntil: Number.MAX_SAFE_INTEGER }));
    const call: Call = { bundle: known, by: RELAYER, evidence, to: "settler", do: what, leg, base };
    const done = apply(state, call, { chainId: CHAIN, now, height, paused: false }, setting);
    const ordinal = base + BigInt(leg);
    const next = "state" in done && unsaid < 0 ? done.state : state;
    const receipt = state.receipts.has(ordinal) ? undefined : next.receipts.get(ordinal);
    const isUndone = next.failures.get(ordinal) === state.failures.get(ordinal);
    state = next;
    const { legs, receipts, decisions, relayer } = args;
    return {
      now,
      fails,
      said: args.facts.filter((_, index) => index !== unsaid).map(factLeaf),
      ordinal: String(ordinal),
      // 0: nothing becomes of the leg. 5: its compensation failed, and stays due.
      effect: receipt ? 1 + SETTLED.indexOf(receipt.status) : isUndone ? 0 : 5,
      data: encodeFunctionData({
        abi,
        functionName: what,
        args: [legs, receipts, decisions, "0x", relayer],
      } as Parameters<typeof encodeFunctionData>[0]),
    };
  });
  // Lists side by side: to read one value of a large file costs the contract's test as much as to read a list.
  return {
    now: steps.map((step) => step.now),
    fails: steps.map((step) => step.fails),
    ordinals: steps.map((step) => step.ordinal),
    effects: steps.map((step) => step.effect),
    said: steps.flatMap((step) => step.said),
    saidCounts: steps.map((step) => step.said.length),
    data: steps.map((step) => step.data),
  };
}

export function bundleSteps(): void {
  const random = randomNumbers(74n);
  write("bundle-steps.json", {
    about:
      "what becomes of a leg (a LegStatus; 5: a compensation that failed) by calls of a settler; made by the simulator's model",
    chainId: CHAIN,
    target: TARGET,
    sequences: times(SEQUENCES, () => sequence(random)),
  });
}
