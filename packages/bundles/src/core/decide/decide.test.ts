import type { Hex } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import { type Fact, factText, NO_RESULT, NOBODY } from "../facts.ts";
import { statusOf } from "../status.ts";
import { legHash, legsHashOf } from "../hashes.ts";
import { type Leg, type Mode, type Outcome, STANDALONE } from "../types.ts";
import { type BundleShown, decisionFact, type LegShown, openedFact, receiptFact } from "../view.ts";
import { factsShown, sayable } from "./attester.ts";
import { type NodeHead, trustedBlock, waitFor } from "./finality.ts";
import { fairOrder } from "./queue.ts";
import { nextSteps } from "./relayer.ts";

const [NOW, DEADLINE] = [1_000, 2_000];
const leg: Leg = {
  chainId: 10,
  kind: "shared",
  target: `0x${"22".repeat(20)}`,
  value: 0n,
  gasLimit: 1,
  data: "0x",
  ...STANDALONE,
  salt: NO_RESULT,
};
/** A, then B on another chain; C undoes A once it is known what became of B. */
const LEGS: Leg[] = [leg, { ...leg, chainId: 20, needsOk: [0] }, { ...leg, undoes: 0, needsSettled: [1] }];
type Look = {
  mode?: Mode;
  outcome?: Outcome;
  legs?: Leg[];
  states?: LegShown["state"][];
  failures?: number;
  hubNow?: number;
  legNow?: number;
  paused?: boolean;
  base?: bigint | null;
};
const view = ({ mode = "ordered", outcome = "open", legs = LEGS, ...look }: Look): BundleShown => ({
  id: `0x${"1d".repeat(32)}`,
  bundle: {
    owner: NOBODY,
    mode,
    legs: legs.length,
    deadline: DEADLINE,
    legsHash: legsHashOf(legs.map(legHash)),
    fee: 0n,
    salt: 0n,
  },
  legs,
  hashes: legs.map(legHash),
  hub: {
    now: look.hubNow ?? NOW,
    paused: look.paused ?? false,
    outcome,
    base: look.base === undefined ? 7n : look.base,
    fee: 0n,
    settled: false,
  },
  chains: new Map([10, 20].map((id) => [id, { now: look.legNow ?? NOW, paused: look.paused ?? false }])),
  shown: legs.map((_, place) => ({
    state: look.states?.[place] ?? "none",
    result: NO_RESULT,
    relayer: NOBODY,
    failures: look.failures ?? 0,
  })),
});
const said = (steps: ReturnType<typeof nextSteps>) => ({
  act: steps.act.map((one) => ("leg" in one ? `${one.do} ${one.leg}` : one.do)),
  ask: steps.ask.map((one) => factText(one).subject),
});
const all = () => true;
const none = () => false;
const held = LEGS.slice(0, 2).map((one): Leg => ({ ...one, kind: "escrow", needsOk: [] }));
const ESCROWED = { mode: "escrowed", legs: held } as const;
const LATE = DEADLINE + 1;

describe("what a relayer does next", () => {
  test.each<[string, Look, string[]]>([
    ["runs what waits for nothing", {}, ["run 0"]],
    ["runs what waited", { states: ["ok"] }, ["run 1"]],
    ["runs nothing during a pause", { paused: true }, []],
    ["commits when all ran well", { states: ["ok", "ok"] }, ["commit"]],
    ["aborts when one failed, and runs no other", { states: ["none", "failed"] }, ["abort"]],
    ["writes down what was missed", { states: ["ok"], legNow: LATE }, ["cancel 1"]],
    ["runs what may run until the deadline", { legNow: DEADLINE }, ["run 0"]],
    [
      "aborts without a reason once the grace is over",
      { hubNow: DEADLINE + 12 * 3_600 + 1, paused: true },
      ["abort"],
    ],
    ["not sooner", { hubNow: DEADLINE + 12 * 3_600, paused: true }, []],
    ["cancels what has not run", { outcome: "aborted", states: ["ok"] }, ["cancel 1"]],
    ["then compensates", { outcome: "aborted", states: ["ok", "cancelled"] }, ["compensate 2"]],
    ["during a pause too", { outcome: "aborted", states: ["ok", "missed"], paused: true }, ["compensate 2"]],
    [
      "cancels a compensation of what did not run well",
      { outcome: "aborted", states: ["failed", "missed"] },
      ["cancel 2"],
    ],
    ["pays fees when it is over", { outcome: "aborted", states: ["ok", "missed", "ok"] }, ["settle"]],
    ["pays fees of what went well", { outcome: "committed", states: ["ok", "ok"] }, ["settle"]],
    ["prepares what is not held", { ...ESCROWED, states: ["held"] }, ["prepare 1"]],
    ["commits what is held", { ...ESCROWED, states: ["held", "held"] }, ["commit"]],
    ["aborts what is late", { ...ESCROWED, states: ["held"], hubNow: LATE, legNow: LATE }, ["abort"]],
    ["commits until the deadline", { ...ESCROWED, states: ["held", "held"], hubNow: DEADLINE }, ["commit"]],
    ["finishes", { ...ESCROWED, outcome: "committed", states: ["held", "ok"] }, ["finish 0"]],
    [
      "takes back after the escape",
      { ...ESCROWED, outcome: "none", base: null, states: ["held"], legNow: DEADLINE + 36 * 3_600 + 1 },
      ["take_back 0"],
    ],
    [
      "not sooner",
      { ...ESCROWED, outcome: "none", base: null, states: ["held"], legNow: DEADLINE + 36 * 3_600 },
      [],
    ],
    [
      "writes down that nobody opened what is held",
      { ...ESCROWED, outcome: "none", base: null, states: ["held"], hubNow: LATE },
      ["abort"],
    ],
    [
      "not while it may still be opened",
      { ...ESCROWED, outcome: "none", base: null, states: ["held"], hubNow: DEADLINE },
      [],
    ],
    [
      "nor of what holds nothing",
      { ...ESCROWED, outcome: "none", base: null, hubNow: LATE, legNow: LATE },
      [],
    ],
    [
      "never of what was committed",
      { ...ESCROWED, outcome: "committed", states: ["held", "ok"], legNow: 10 ** 9 },
      ["finish 0"],
    ],
  ])("%s", (_, look, wanted) => expect(said(nextSteps(view(look), all)).act).toEqual(wanted));

  test("asks for what is not attested yet", () => {
    expect(said(nextSteps(view({ states: ["ok"] }), none))).toEqual({
      act: [],
      ask: ["opened 8", "receipt 7"],
    });
    expect(
      said(nextSteps(view({ ...ESCROWED, outcome: "aborted", states: ["held", "held"] }), none)).ask,
    ).toEqual([`decision 0x${"1d".repeat(32)}`, `decision 0x${"1d".repeat(32)}`]);
  });
});

test("what an attester may say follows from what is shown, and never changes", () => {
  const seen = view({ outcome: "aborted", states: ["ok", "missed"] });
  const facts = factsShown(seen);
  expect(facts).toEqual([
    openedFact(seen, 0),
    openedFact(seen, 1),
    openedFact(seen, 2),
    receiptFact(seen, 0),
    receiptFact(seen, 1),
    decisionFact(seen),
  ]);
  const journal = new Map(facts.map((fact) => [factText(fact).subject, factText(fact).content]));
  const later = view({ outcome: "committed", states: ["ok", "ok"] });
  expect(sayable(factsShown(later), journal).contradicts).toEqual([
    receiptFact(later, 1),
    decisionFact(later),
  ]);
  expect(sayable(factsShown(later), new Map()).contradicts).toEqual([]);
  const prepared: Fact = { kind: "prepared", id: seen.id };
  expect(factsShown(view({ ...ESCROWED, states: ["held", "held"] }))).toEqual([prepared]);
  expect(factsShown(view({ ...ESCROWED, states: ["held", "cancelled"] })).map(({ kind }) => kind)).toEqual([
    "receipt",
  ]);
});

test("of a bundle whose header does not speak of its legs an attester says nothing", () => {
  const seen = view({ states: ["ok", "ok"] });
  expect(factsShown(seen)).not.toEqual([]);
  const { bundle, hashes } = seen;
  // One leg more than it has ordinals for: the next bundle's first one would be it.
  expect(factsShown({ ...seen, bundle: { ...bundle, legs: LEGS.length - 1 } })).toEqual([]);
  expect(factsShown({ ...seen, bundle: { ...bundle, legsHash: NO_RESULT } })).toEqual([]);
  expect(factsShown({ ...seen, hashes: hashes.with(0, NO_RESULT) })).toEqual([]);
  expect(factsShown({ ...seen, hashes: [], shown: [], bundle: { ...bundle, legs: 0 } })).toEqual([]);
});

const node = (latest: bigint, fork = "", safe = 5n): NodeHead => ({
  latest,
  safe,
  finalized: 3n,
  hashOf: (block) => (block > latest ? null : (`0x${fork}${block}` as Hex)),
});
describe("finality", () => {
  const blocks = { blocks: 2 };
  test.each([
    ["the slower node counts", trustedBlock(blocks, [node(9n), node(8n)]), { block: 6n, hash: "0x6" }],
    ["another hash", trustedBlock(blocks, [node(9n), node(9n, "f")]), { refused: "nodes_disagree" }],
    ["a young chain", trustedBlock(blocks, [node(1n), node(9n)]), { refused: "too_young" }],
    ["safe", trustedBlock("safe", [node(9n), node(9n, "", 4n)]), { block: 4n, hash: "0x4" }],
    ["finalized", trustedBlock("finalized", [node(9n), node(9n)]), { block: 3n, hash: "0x3" }],
    [
      "a block that one does not know",
      trustedBlock("safe", [node(4n), node(9n)]),
      { refused: "unknown_block" },
    ],
  ])("%s", (_, found, wanted) => expect(found).toEqual(wanted));

  test("more value waits longer", () => {
    const policy = [
      { upTo: 1_000n, wait: blocks },
      { upTo: 50_000n, wait: "safe" as const },
    ];
    expect([1_000n, 1_001n].map((value) => waitFor(policy, value))).toEqual([blocks, "safe"]);
    expect(() => waitFor(policy, 50_001n)).toThrow(/no tier/);
  });
});

test("one owner's many bundles do not hold up another's", () => {
  const waiting = ["0xa", "0xa", "0xa", "0xb", "0xA"].map((owner, since) => ({
    id: `0x${since}` as Hex,
    owner: owner as Hex,
    since,
  }));
  expect(fairOrder(waiting, 3).map(({ id }) => id)).toEqual(["0x0", "0x3", "0x1"]);
});

test.each<[Look, object]>([
  [{ outcome: "none", base: null }, { kind: "unopened" }],
  [{}, { kind: "ready", legs: [0] }],
  [{ states: ["ok"] }, { kind: "running", ran: [0], waiting: [1] }],
  [{ outcome: "committed", states: ["ok", "ok"] }, { kind: "completed" }],
  [
    { outcome: "aborted", states: ["ok", "missed"] },
    { kind: "compensating", due: [2] },
  ],
  [
    { outcome: "aborted", states: ["ok", "missed"], failures: 1 },
    { kind: "stuck", legs: [2] },
  ],
  [
    { outcome: "aborted", states: ["ok", "missed", "ok"] },
    { kind: "compensated", undone: [0], stays: [] },
  ],
  [
    { outcome: "aborted", states: ["ok", "ok", "ok"] },
    { kind: "compensated", undone: [0], stays: [1] },
  ],
  [
    { ...ESCROWED, states: ["held"] },
    { kind: "preparing", held: [0], missing: [1] },
  ],
  [{ ...ESCROWED, states: ["held", "held"] }, { kind: "prepared" }],
  [
    { ...ESCROWED, outcome: "committed", states: ["ok", "held"] },
    { kind: "decided", outcome: "committed", held: [1] },
  ],
  [{ ...ESCROWED, outcome: "committed", states: ["ok", "ok"] }, { kind: "completed" }],
  [{ ...ESCROWED, outcome: "aborted", states: ["cancelled", "none"], legNow: LATE }, { kind: "refunded" }],
])("status %#", (look, wanted) => {
  expect(statusOf(view(look), all)).toEqual(wanted);
});

test("what the hub just opened waits for attesters", () => {
  expect(statusOf(view({}), none)).toEqual({ kind: "buffered" });
});
