import { type Address, at, need } from "@sooth/kernel";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { relayerShare } from "./costs.ts";
import { NOBODY } from "./facts.ts";
import { type FeeTerms, payShare, restOf } from "./fees.ts";
import { LEG_STATUSES, type Settled } from "./types.ts";

/** Cases that contracts/test/bundles/FeeVectors.t.sol plays on the hub itself. */
const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/bundle-fees.json", import.meta.url), "utf8"),
) as {
  cases: {
    ending: string;
    escrowed: boolean;
    legs: number;
    fee: string;
    raisedBy: string;
    attesterBps: number;
    seated: boolean;
    places: number[];
    statuses: number[];
    relayers: number[];
    named: number[];
    amounts: string[];
    toAttesters: string[];
    owners: string[];
    reclaimed: string;
    pot: string;
  }[];
};
const people: readonly Address[] = [
  NOBODY,
  `0x${"a1".repeat(20)}`,
  `0x${"b2".repeat(20)}`,
  `0x${"c3".repeat(20)}`,
];
const owner = need(people[1], "the owner");
const NOTHING = { amount: 0n, toAttesters: 0n, relayer: NOBODY };

test.each(cases)("$ending with a fee of $fee for $legs legs", (its) => {
  const bps = its.seated ? its.attesterBps : 0;
  // Nobody paid what the header of an unopened one states.
  const fee = its.ending === "unopened" ? 0n : BigInt(its.fee) + BigInt(its.raisedBy);
  const terms: FeeTerms = { owner, mode: its.escrowed ? "escrowed" : "ordered", legs: its.legs, fee };
  const settled = new Set<number>();
  let [back, pot, paid] = [0n, 0n, 0n];
  const steps = its.places.map((place, step) => {
    const status = at(LEG_STATUSES, at(its.statuses, step)) as Settled;
    const share = payShare(terms, { status, relayer: at(people, at(its.relayers, step)) }, bps);
    // A second receipt of a leg pays nobody, and none of what nobody opened does.
    const isNew = !settled.has(place) && its.ending !== "unopened";
    settled.add(place);
    if (isNew) {
      back += share.toOwner;
      pot += share.toAttesters;
      paid += share.toRelayer;
      if (settled.size === its.legs) back += restOf(terms, its.legs);
    }
    const { amount, toAttesters, relayer } = share;
    return { ...(isNew ? { amount, toAttesters, relayer } : NOTHING), owner: back };
  });
  expect(steps.map(({ amount }) => String(amount))).toEqual(its.amounts);
  expect(steps.map(({ toAttesters }) => String(toAttesters))).toEqual(its.toAttesters);
  expect(steps.map(({ relayer }) => people.indexOf(relayer))).toEqual(its.named);
  expect(steps.map((step) => String(step.owner))).toEqual(its.owners);
  const left = settled.size === its.legs || fee === 0n ? 0n : restOf(terms, settled.size);
  expect([left, pot]).toEqual([BigInt(its.reclaimed), BigInt(its.pot)]);
  expect(back + pot + paid + left).toBe(fee);
});

test("what quotes reckon with is what a relayer has of a leg that ran", () => {
  const terms: FeeTerms = { owner, mode: "ordered", legs: 3, fee: 1_000_000_000_000_001n };
  const { toRelayer } = payShare(terms, { status: "ok", relayer: at(people, 2) }, 2_000);
  expect(relayerShare(terms, 2_000)).toBe(toRelayer);
});
