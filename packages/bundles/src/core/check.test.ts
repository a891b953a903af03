import { type Address, AppError } from "@sooth/kernel";
import { describe, expect, test } from "vitest";
import { checkBundle, escrowPartiesOf, MOST_FINISH_GAS, MOST_GAS, PAYLOADS, WINDOW } from "./check.ts";
import { legHash, legsHashOf } from "./hashes.ts";
import { type Bundle, type Leg, type Mode, STANDALONE } from "./types.ts";
import { bundleFromWire, bundleToWire, legFromWire, legToWire, wireBundle, wireLeg } from "./wire.ts";

const NOW = 1_800_000_000;
const owner: Address = `0x${"11".repeat(20)}`;
const nobody: Address = `0x${"00".repeat(20)}`;
const bytes = (count: number) => `0x${"ab".repeat(count)}` as const;
const call: Leg = {
  chainId: 10,
  kind: "shared",
  target: `0x${"22".repeat(20)}`,
  value: 0n,
  gasLimit: 100_000,
  data: bytes(68),
  ...STANDALONE,
  salt: `0x${"33".repeat(32)}`,
};
const parties = (payer: Address, recipient: Address) =>
  `0x${[payer, recipient].map((one) => one.slice(2).padStart(64, "0")).join("")}` as const;
const held: Leg = { ...call, kind: "escrow", value: 5n, gasLimit: 0, data: parties(owner, call.target) };
const participant = (gasLimit: number): Leg => ({ ...held, kind: "participant", value: 0n, gasLimit });
const allowance = `0x095ea7b3${"ab".repeat(64)}` as const;
const splice = { from: 0, source: 0, length: 32, target: 4 };
const condition = { from: 0, source: 0, comparison: "at_least" as const, value: 7n };

const header = (legs: readonly Leg[], mode: Mode): Bundle => ({
  owner,
  mode,
  legs: legs.length,
  deadline: NOW + 600,
  legsHash: legsHashOf(legs.map(legHash)),
  fee: 10n,
  salt: 1n,
});
const found = (
  legs: readonly Leg[],
  mode: Mode = "ordered",
  change: Partial<Bundle> = {},
  payload?: number,
) => {
  try {
    checkBundle({ ...header(legs, mode), ...change }, legs, { now: NOW, payload });
    return "fits";
  } catch (error) {
    if (error instanceof AppError) return error.code.replace("bundles.", "");
    throw error;
  }
};
const second = (change: Partial<Leg>): Leg[] => [call, { ...call, ...change }];

describe("ordered", () => {
  test.each<[string, Leg[], string]>([
    ["one call", [call], "fits"],
    ["32 calls", Array.from({ length: 32 }, () => call), "fits"],
    ["33 calls", Array.from({ length: 33 }, () => call), "bad_leg_count"],
    ["none", [], "bad_leg_count"],
    ["an allowance from everybody's contract", [{ ...call, data: allowance }], "allowance_of_all"],
    ["an allowance from an account", [{ ...call, kind: "account", data: allowance }], "fits"],
    ["a chain of two", second({ needsOk: [0] }), "fits"],
    ["what needs itself", second({ needsOk: [1] }), "not_before"],
    ["what waits for a later one", [{ ...call, needsSettled: [1] }, call], "not_before"],
    ["what undoes itself", second({ undoes: 1 }), "not_before"],
    ["a compensation", second({ undoes: 0 }), "fits"],
    [
      "a compensation of a compensation",
      [call, { ...call, undoes: 0 }, { ...call, undoes: 1 }],
      "undoes_compensation",
    ],
    [
      "a compensation on a condition",
      second({ undoes: 0, needsOk: [0], conditions: [condition] }),
      "conditional_compensation",
    ],
    ["compensations alone", [{ ...call, undoes: 0 }], "not_before"],
    ["a call after a failure", second({ needsFailed: [0] }), "never_commits"],
    [
      "a call after a compensation",
      [...second({ undoes: 0 }), { ...call, needsSettled: [1] }],
      "never_commits",
    ],
    [
      "a call instead of one that failed",
      [
        { ...call, kind: "value", data: "0x" },
        { ...call, needsOk: [0] },
        { ...call, undoes: 0, needsSettled: [1] },
      ],
      "fits",
    ],
    ["both ways", second({ undoes: 0, needsOk: [0], needsFailed: [0] }), "names_twice"],
    [
      "a compensation that needs a failure",
      [call, call, { ...call, undoes: 0, needsFailed: [1] }],
      "conditional_compensation",
    ],
    [
      "a compensation that reads another leg",
      [call, call, { ...call, undoes: 0, needsOk: [1] }],
      "conditional_compensation",
    ],
    [
      "a compensation that reads what its leg stood on",
      [call, { ...call, needsOk: [0] }, { ...call, undoes: 1, needsOk: [0, 1] }],
      "fits",
    ],
    ["an escrow", [held], "held_in_ordered"],
    ["no target", [{ ...call, target: nobody }], "no_target"],
    ["no gas", [{ ...call, gasLimit: 0 }], "bad_gas"],
    ["most gas", [{ ...call, gasLimit: MOST_GAS }], "fits"],
    ["too much gas", [{ ...call, gasLimit: MOST_GAS + 1 }], "bad_gas"],
    ["value alone", [{ ...call, kind: "value", value: 3n, data: "0x" }], "fits"],
    ["value with data", [{ ...call, kind: "value", value: 3n }], "value_with_data"],
    ["8 KB", [{ ...call, data: bytes(8_192) }], "fits"],
    ["a byte more", [{ ...call, data: bytes(8_193) }], "payload_too_big"],
    [
      "a result of what it needs",
      second({ needsOk: [0], splices: [splice], conditions: [condition] }),
      "fits",
    ],
    ["a result of what it does not need", second({ splices: [splice] }), "input_not_needed"],
    ["a condition on what it does not need", second({ conditions: [condition] }), "input_not_needed"],
    ["the last byte of its calldata", second({ needsOk: [0], splices: [{ ...splice, target: 36 }] }), "fits"],
    [
      "beyond its calldata",
      second({ needsOk: [0], splices: [{ ...splice, target: 37 }] }),
      "input_out_of_bounds",
    ],
    ["the last byte of a result", second({ needsOk: [0], splices: [{ ...splice, source: 992 }] }), "fits"],
    [
      "beyond a result",
      second({ needsOk: [0], splices: [{ ...splice, source: 993 }] }),
      "input_out_of_bounds",
    ],
    [
      "a condition beyond a result",
      second({ needsOk: [0], conditions: [{ ...condition, source: 993 }] }),
      "input_out_of_bounds",
    ],
    [
      "two results on one byte",
      second({ needsOk: [0], splices: [splice, { ...splice, target: 35 }] }),
      "inputs_overlap",
    ],
  ])("%s", (_, legs, code) => expect(found(legs)).toBe(code));
});

describe("escrowed", () => {
  test.each<[string, Leg[], string]>([
    ["two tokens", [held, { ...held, chainId: 8_453 }], "fits"],
    ["a participant", [{ ...held, kind: "participant", value: 0n, data: bytes(3) }], "fits"],
    ["one that states no gas", [participant(0)], "fits"],
    ["one that states the most", [participant(MOST_FINISH_GAS)], "fits"],
    ["one that states more", [participant(MOST_FINISH_GAS + 1)], "too_much_finish_gas"],
    ["a call", [held, call], "called_in_escrowed"],
    ["a dependency", [held, { ...held, needsOk: [0] }], "depends_in_escrowed"],
    ["a compensation", [held, { ...held, undoes: 0 }], "depends_in_escrowed"],
    ["nothing", [{ ...held, value: 0n }], "bad_escrow"],
    ["data of another kind", [{ ...held, data: bytes(64) }], "bad_escrow"],
    ["longer data", [{ ...held, data: `${held.data}00` }], "bad_escrow"],
    ["nobody pays", [{ ...held, data: parties(nobody, owner) }], "bad_escrow"],
    ["nobody gets it", [{ ...held, data: parties(owner, nobody) }], "bad_escrow"],
  ])("%s", (_, legs, code) => expect(found(legs, "escrowed")).toBe(code));
});

test.each<[string, Partial<Bundle>, string]>([
  ["other legs", { legsHash: call.salt }, "wrong_legs"],
  ["another count", { legs: 2 }, "bad_leg_count"],
  ["the shortest window", { deadline: NOW + WINDOW.least }, "fits"],
  ["too short a window", { deadline: NOW + WINDOW.least - 1 }, "bad_window"],
  ["the longest window", { deadline: NOW + WINDOW.most }, "fits"],
  ["too long a window", { deadline: NOW + WINDOW.most + 1 }, "bad_window"],
])("header: %s", (_, change, code) => expect(found([call], "ordered", change)).toBe(code));

test("payload profiles", () => {
  for (const most of Object.values(PAYLOADS)) {
    expect(found([{ ...call, data: bytes(most) }], "ordered", {}, most)).toBe("fits");
    expect(found([{ ...call, data: bytes(most + 1) }], "ordered", {}, most)).toBe("payload_too_big");
  }
});

test("who pays and who gets it", () => {
  expect(escrowPartiesOf(held)).toEqual({ payer: owner, recipient: call.target });
  expect(escrowPartiesOf(call)).toBeNull();
});

test("what comes over the wire is what was sent", () => {
  const legs = second({ needsOk: [0], splices: [splice], conditions: [condition], value: 2n ** 96n - 1n });
  const bundle = header(legs, "ordered");
  expect(bundleFromWire(wireBundle.parse(JSON.parse(JSON.stringify(bundleToWire(bundle)))))).toEqual(bundle);
  expect(legs.map((leg) => legFromWire(wireLeg.parse(JSON.parse(JSON.stringify(legToWire(leg))))))).toEqual(
    legs,
  );
});

test.each<[string, Record<string, unknown>]>([
  ["value above 96 bits", { value: String(2n ** 96n) }],
  ["negative value", { value: "-1" }],
  ["upper-case bytes", { data: "0xAB" }],
  ["half a byte", { data: "0xabc" }],
  ["places that fall", { needsOk: [1, 0] }],
  ["a place twice", { needsOk: [0, 0] }],
  ["place 32", { needsOk: [32] }],
  ["gas above 32 bits", { gasLimit: 2 ** 32 }],
  ["an unknown kind", { kind: "delegate" }],
])("the wire refuses %s", (_, change) => {
  expect(wireLeg.safeParse({ ...legToWire(call), ...change }).success).toBe(false);
});
