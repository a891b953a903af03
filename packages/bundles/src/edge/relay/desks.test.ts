import { size } from "viem";
import { expect, test } from "vitest";
import {
  type Action,
  encodeEvidence,
  type Fact,
  type Leg,
  legHash,
  NO_RESULT,
  NOBODY,
  statedBytes,
} from "../../core/index.ts";
import { plainLeg, shownBundle } from "../../../test/shown.ts";
import { deskOf, draftOf, jobOf } from "./desks.ts";

const LEGS = 32;
const needs = Array.from({ length: 31 }, (_, place) => place);
const leg = plainLeg({ data: `0x${"a5".repeat(8_191)}` });
const last: Leg = {
  ...leg,
  needsOk: needs,
  splices: needs.slice(0, 8).map((from) => ({ from, source: 0, length: 32, target: 32 * from })),
  conditions: needs.slice(0, 8).map((from) => ({ from, source: 0, comparison: "at_least", value: 1n })),
};
const legs = [...Array.from({ length: LEGS - 2 }, () => leg), { ...leg, kind: "participant" as const }, last];
const view = shownBundle(legs);
const opened: Fact = {
  kind: "opened",
  base: 7n,
  index: 31,
  owner: NOBODY,
  deadline: 2_000,
  leg: legHash(last),
};
const receipts = (count: number): Fact[] =>
  needs.slice(0, count).map((place) => ({
    kind: "receipt",
    ordinal: 7n + BigInt(place),
    status: "ok",
    result: NO_RESULT,
    relayer: NOBODY,
  }));
const context = {
  addresses: { bundleHub: NOBODY, settler: NOBODY, escrow: NOBODY },
  relayer: NOBODY,
  returned: () => `0x${"11".repeat(1_024)}` as const,
  consentOf: () => ({ signature: `0x${"22".repeat(65)}` as const }),
};
/** Bytes of the transaction in which a step leaves by itself, with the evidence of seven attesters. */
function sent(action: Action): number {
  const job = jobOf(view, action, 0);
  const { facts, encode } = draftOf(deskOf(job), [job], context);
  const batch = {
    root: NO_RESULT,
    epoch: 1,
    validUntil: 9_999,
    seats: 127n,
    signatures: `0x${"33".repeat(7 * 65)}`,
    facts,
  } as const;
  return size(encode(encodeEvidence(batch, [...facts.keys()])));
}

test.each<[string, Action]>([
  ["a leg that needs nothing", { do: "run", leg: 0, facts: [{ ...opened, index: 0, leg: legHash(leg) }] }],
  [
    "a leg that needs all others and takes from some",
    { do: "run", leg: 31, facts: [opened, ...receipts(31)] },
  ],
  ["what is held", { do: "prepare", leg: 30, facts: [] }],
  ["the hub's decision on 32 legs", { do: "commit", facts: receipts(31) }],
])("%s is reckoned with no fewer bytes than it takes", (_, action) => {
  const bytes = sent(action);
  expect(statedBytes(view, action)).toBeGreaterThanOrEqual(bytes);
});
