import { bundleHubAbi, escrowAbi } from "@sooth/abi";
import {
  abortFailedArgs,
  bundleTypedData,
  commitCompletedArgs,
  commitPreparedArgs,
  expireUnopenedArgs,
  type Fact,
  factLeaf,
  finishArgs,
  headerOf,
  type Hub,
  type Leg,
  NO_RESULT,
  openingCall,
  prepareArgs,
  takeBackArgs,
  wantedLegs,
  STANDALONE,
} from "@sooth/bundles/core";
import {
  ALL_RULES,
  apply,
  type Call,
  GENESIS,
  heldKey,
  type Known,
  type Setting,
  type State,
  UNBOUNDED,
} from "@sooth/bundles/simulator";
import {
  domainSeparator,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  hexToBigInt,
  numberToHex,
} from "viem";
import { CHAIN, freeBundle, is, orderedBundle, OWNER, type Random, RELAYER, START } from "./bundle-steps.ts";
import { randomNumbers, texts, times, write } from "./cases.ts";

// What the simulator's hub and escrow make of calls, for the contracts to make the same of: which outcome a bundle has and which
// ordinals its legs, what stands in a leg's slot, and what the escrow holds.

const HUB: Hub = { chainId: CHAIN, hub: `0x${"4b".repeat(20)}` };
const ESCROW: Hex = `0x${"e5".repeat(20)}`;
const TOKEN: Hex = `0x${"70".repeat(20)}`;
const PARTICIPANT: Hex = `0x${"7a".repeat(20)}`;
const PAYER: Hex = `0x${"5a".repeat(20)}`;
const STRANGER: Hex = `0x${"57".repeat(20)}`;
const TIMES = { grace: 40, escape: 60 };
const [SEQUENCES, STEPS] = [12, 12];
const OUTCOMES = ["none", "open", "committed", "aborted"] as const;

/** Of a hub: half of its domain's last word, and whole words of a settler's. */
const firstOrdinal = (): bigint => {
  const { domain } = bundleTypedData(HUB, escrowedBundle(() => 0n).bundle);
  return (BigInt.asUintN(64, hexToBigInt(domainSeparator({ domain }))) >> 1n) & ~0xffn;
};

/** Two or three legs of this chain; some are participants. */
function escrowedBundle(random: Random): Known {
  const legs = times(2 + Number(random(2n)), (place): Leg => {
    const isToken = place === 0 || is(random, 35n);
    return {
      chainId: CHAIN,
      kind: isToken ? "escrow" : "participant",
      target: isToken ? TOKEN : PARTICIPANT,
      value: isToken ? 1n + random(1_000n) : 0n,
      gasLimit: isToken ? 0 : 60_000,
      data: isToken
        ? encodeAbiParameters([{ type: "address" }, { type: "address" }], [PAYER, RELAYER])
        : "0x",
      ...STANDALONE,
      salt: numberToHex(random(1n << 60n), { size: 32 }),
    };
  });
  return freeBundle(HUB, "escrowed", legs, random);
}

const settingOf = (over: Partial<Setting>): Setting => ({
  quorum: 1,
  times: TIMES,
  succeeds: () => true,
  authorised: () => true,
  bounds: UNBOUNDED,
  rules: ALL_RULES,
  ...over,
});
const evidenceOf = (facts: readonly Fact[]) =>
  facts.map((fact) => ({ fact, signers: 1, validUntil: Number.MAX_SAFE_INTEGER }));
/** Now and then a fact that nobody signed: the contract believes all that it is shown, or nothing. */
const unsaidOf = (random: Random, facts: readonly Fact[]): number =>
  facts.length > 0 && is(random, 10n) ? Number(random(BigInt(facts.length))) : -1;

type Sent = { data: Hex; by: Hex; facts: Fact[]; call: Omit<Call, "bundle" | "by" | "evidence"> };

const toHub = (what: "open" | "commit" | "abort") => ({ to: "hub", do: what }) as const;

/** One of the hub's calls, which may be due or not. */
function hubCall(random: Random, known: Known, state: State): Sent {
  const { id, bundle, legs } = known;
  const word = state.hub.get(id);
  const base = word?.base ?? 0n;
  const hub = { abi: bundleHubAbi };
  if (is(random, word ? 8n : 60n)) {
    const { data } = openingCall(HUB, { bundle, legs, isPrivate: true });
    return { data: data as Hex, by: OWNER, facts: [], call: toHub("open") };
  }
  const receipt = (place: number, status: "ok" | "failed" | "missed"): Fact => ({
    kind: "receipt",
    ordinal: base + BigInt(place),
    status,
    result: NO_RESULT,
    relayer: RELAYER,
  });
  if (word && is(random, 40n)) {
    if (bundle.mode === "escrowed") {
      const { ids, facts } = commitPreparedArgs([id]);
      const data = encodeFunctionData({ ...hub, functionName: "commitPrepared", args: [ids, "0x"] });
      return { data, by: STRANGER, facts, call: toHub("commit") };
    }
    const facts = wantedLegs(legs).flatMap((place) => (is(random, 90n) ? receipt(place, "ok") : []));
    const { completions } = commitCompletedArgs([{ ...known, base, facts }]);
    const data = encodeFunctionData({ ...hub, functionName: "commitCompleted", args: [completions, "0x"] });
    return { data, by: STRANGER, facts, call: toHub("commit") };
  }
  if (word && is(random, 12n)) {
    const data = encodeFunctionData({ ...hub, functionName: "abort", args: [headerOf(bundle)] });
    return { data, by: OWNER, facts: [], call: toHub("abort") };
  }
  if (word && bundle.mode === "ordered" && is(random, 35n)) {
    const wanted = wantedLegs(legs);
    const place = wanted[Number(random(BigInt(wanted.length)))] ?? 0;
    const facts = [receipt(place, is(random, 50n) ? "failed" : "missed")];
    const { failures } = abortFailedArgs([{ ...known, base, facts }]);
    const data = encodeFunctionData({ ...hub, functionName: "abortFailed", args: [failures, "0x"] });
    return { data, by: STRANGER, facts, call: toHub("abort") };
  }
  const data = word
    ? encodeFunctionData({ ...hub, functionName: "expire", args: [[id]] })
    : encodeFunctionData({
        ...hub,
        functionName: "expireUnopened",
        args: expireUnopenedArgs(bundle, null),
      });
  return { data, by: STRANGER, facts: [], call: toHub("abort") };
}

/** Lists side by side: to read one value of a large file costs the contract's test as much as to read a list. */
function hubSequence(random: Random) {
  const both = [orderedBundle(random, HUB), escrowedBundle(random)];
  let [state, now]: [State, number] = [{ ...GENESIS, nextOrdinal: firstOrdinal() }, START];
  const steps = times(STEPS, (height) => {
    now += Number(random(30n));
    const known = both[Number(random(2n))] ?? orderedBundle(random, HUB);
    const { data, by, facts, call } = hubCall(random, known, state);
    const unsaid = unsaidOf(random, facts);
    const whole = { ...call, bundle: known, by, evidence: evidenceOf(facts) } as Call;
    const done = apply(state, whole, { chainId: CHAIN, now, height, paused: false }, settingOf({}));
    if ("state" in done && unsaid < 0) state = done.state;
    const word = state.hub.get(known.id);
    const said = facts.filter((_, index) => index !== unsaid).map(factLeaf);
    const outcome = OUTCOMES.indexOf(word?.outcome ?? "none");
    return { now, data, by, said, id: known.id, outcome, base: word?.base ?? 0n, next: state.nextOrdinal };
  });
  return {
    now: steps.map((step) => step.now),
    by: steps.map(({ by }) => by),
    data: steps.map(({ data }) => data),
    said: steps.flatMap(({ said }) => said),
    saidCounts: steps.map(({ said }) => said.length),
    ids: steps.map(({ id }) => id),
    outcomes: steps.map(({ outcome }) => outcome),
    bases: texts(steps.map(({ base }) => base)),
    nexts: texts(steps.map(({ next }) => next)),
  };
}

/** One of the escrow's calls, which may be due or not. */
function escrowCall(random: Random, known: Known, leg: number, isHeld: boolean): Sent {
  const { id, bundle, legs } = known;
  const escrow = { abi: escrowAbi };
  const of = (what: "prepare" | "finish" | "take_back") => ({ to: "escrow", do: what, leg }) as const;
  if (is(random, isHeld ? 8n : 75n)) {
    const args = prepareArgs({ ...known, place: leg }, "0x");
    const owns = legs[leg]?.kind === "escrow" ? PAYER : OWNER;
    const by = is(random, 90n) ? owns : STRANGER;
    return {
      data: encodeFunctionData({ ...escrow, functionName: "prepare", args }),
      by,
      facts: [],
      call: of("prepare"),
    };
  }
  if (is(random, 35n)) {
    const args = takeBackArgs({ bundle, legs, place: leg });
    const data = encodeFunctionData({ ...escrow, functionName: "takeBack", args });
    return { data, by: STRANGER, facts: [], call: of("take_back") };
  }
  const outcome = is(random, 50n) ? ("committed" as const) : ("aborted" as const);
  const decision: Fact = { kind: "decision", id, base: 1n + random(1_000n), outcome };
  const items = [{ id, legs, place: leg, facts: [decision] }];
  const { legs: finishing, decisions, relayer } = finishArgs(items, RELAYER);
  const args = [finishing, decisions, "0x", relayer] as const;
  const data = encodeFunctionData({ ...escrow, functionName: "finish", args });
  return { data, by: STRANGER, facts: [decision], call: of("finish") };
}

function escrowSequence(random: Random) {
  const known = escrowedBundle(random);
  let [state, now]: [State, number] = [GENESIS, START];
  const steps = times(STEPS, (height) => {
    now += Number(random(36n));
    const leg = Number(random(BigInt(known.legs.length)));
    const key = heldKey(known.id, leg);
    const { data, by, facts, call } = escrowCall(random, known, leg, state.held.get(key)?.state === "held");
    const unsaid = unsaidOf(random, facts);
    // Of what it is asked to set aside a participant says no by reverting, which is nobody's step.
    const fails = call.to === "escrow" && "do" in call && call.do !== "prepare" && is(random, 55n);
    const owns = known.legs[leg]?.kind === "escrow" ? PAYER : OWNER;
    const setting = settingOf({ succeeds: () => !fails, authorised: () => by === owns });
    const whole = { ...call, bundle: known, by, evidence: evidenceOf(facts) } as Call;
    const done = apply(state, whole, { chainId: CHAIN, now, height, paused: false }, setting);
    if ("state" in done && unsaid < 0) state = done.state;
    const held = state.held.get(key);
    // The leg's hash while it is held, and then for ever the outcome by which it went.
    const slot =
      held === undefined
        ? NO_RESULT
        : held.state === "held"
          ? (known.hashes[leg] ?? NO_RESULT)
          : numberToHex(OUTCOMES.indexOf(held.state === "paid" ? "committed" : "aborted"), { size: 32 });
    const due = held?.state === "held" ? OUTCOMES.indexOf(held.due ?? "none") : -1;
    const said = facts.filter((_, index) => index !== unsaid).map(factLeaf);
    return { now, data, by, fails, said, leg, slot, due, vault: state.vault };
  });
  return {
    id: known.id,
    now: steps.map((step) => step.now),
    by: steps.map(({ by }) => by),
    data: steps.map(({ data }) => data),
    fails: steps.map(({ fails }) => fails),
    said: steps.flatMap(({ said }) => said),
    saidCounts: steps.map(({ said }) => said.length),
    legs: steps.map(({ leg }) => leg),
    slots: steps.map(({ slot }) => slot),
    // Of what is held: the outcome by which it failed, 0 for none; what went has none to tell (9).
    dues: steps.map(({ due }) => (due < 0 ? 9 : due)),
    vaults: texts(steps.map(({ vault }) => vault)),
  };
}

export function bundleDecisions(): void {
  const random = randomNumbers(91n);
  write("bundle-decisions.json", {
    about:
      "what becomes of bundles by calls of a hub, and of legs by calls of an escrow; made by the simulator's model, with the calls of our own package",
    chainId: CHAIN,
    hub: HUB.hub,
    escrow: ESCROW,
    token: TOKEN,
    participant: PARTICIPANT,
    payer: PAYER,
    ...TIMES,
    ofHub: times(SEQUENCES, () => hubSequence(random)),
    ofEscrow: times(SEQUENCES, () => escrowSequence(random)),
  });
}
