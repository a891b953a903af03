import { type Address, type Hex, keccak256, need } from "@sooth/kernel";
import { concat, numberToHex, pad } from "viem";
import type { Fact } from "../facts.ts";
import { bitmapOf, encodeInputs } from "../hashes.ts";
import {
  type Bundle,
  type Leg,
  LEG_KINDS,
  LEG_STATUSES,
  OUTCOMES,
  type Place,
  type Settled,
} from "../types.ts";

/** A leg that is to be run or cancelled, with the facts that a relayer's action names. */
export type SettlerItem = {
  id: Hex;
  bundle: Bundle;
  legs: readonly Leg[];
  base: bigint;
  place: Place;
  facts: readonly Fact[];
};
/** What a leg returned, where another reads it; by ordinal. */
export type Returned = (ordinal: bigint) => Hex;

type ReceiptFact = Extract<Fact, { kind: "receipt" }>;
type DecisionFact = Extract<Fact, { kind: "decision" }>;
const NOT_READ: Returned = () => "0x";
const NO_INPUTS: Hex = `0x${"00".repeat(32)}`;

/** Arguments of `ISettler.run`, and the facts in the order in which the evidence must prove them. */
export function runArgs(items: readonly SettlerItem[], relayer: Address, returned: Returned = NOT_READ) {
  const lists = listsOf(items);
  const legs = items.map((item) => ({
    words: wordsOf(item, lists),
    data: legIn(item).data,
    inputs: encodeInputs(legIn(item)) ?? "0x",
    needs: needsOf(item, lists),
  }));
  // What no leg reads need not be brought, and would be paid for by the byte.
  const read = new Set(
    items.flatMap((item) =>
      [...legIn(item).splices, ...legIn(item).conditions].map(({ from }) => item.base + BigInt(from)),
    ),
  );
  const told = toldOf(lists, (ordinal) => (read.has(ordinal) ? returned(ordinal) : NOT_READ(ordinal)));
  return { legs, ...told, relayer, facts: factsOf(items, lists) };
}

/** Arguments of `ISettler.cancel`, and the facts in the order in which the evidence must prove them. */
export function cancelArgs(items: readonly SettlerItem[], relayer: Address) {
  const lists = listsOf(items);
  const legs = items.map((item) => {
    const inputs = encodeInputs(legIn(item));
    return {
      words: wordsOf(item, lists),
      dataHash: keccak256(legIn(item).data),
      inputsHash: inputs === null ? NO_INPUTS : keccak256(inputs),
    };
  });
  return { legs, ...toldOf(lists, NOT_READ), relayer, facts: factsOf(items, lists) };
}

type Lists = { receipts: ReceiptFact[]; decisions: DecisionFact[] };

/** Legs of a transaction share what is proved: each receipt and decision stands once. */
function listsOf(items: readonly SettlerItem[]): Lists {
  const receipts = new Map<bigint, ReceiptFact>();
  const decisions = new Map<Hex, DecisionFact>();
  for (const fact of items.flatMap(({ facts }) => facts)) {
    if (fact.kind === "receipt") receipts.set(fact.ordinal, fact);
    if (fact.kind === "decision") decisions.set(fact.id, fact);
  }
  return { receipts: [...receipts.values()], decisions: [...decisions.values()] };
}

export const legIn = ({ legs, place }: { legs: readonly Leg[]; place: Place }): Leg =>
  need(legs[place], `leg ${place}`);

function factsOf(items: readonly SettlerItem[], { receipts, decisions }: Lists): Fact[] {
  const opened = items.map(({ facts, base, place }) =>
    need(
      facts.find((fact) => fact.kind === "opened" && fact.base === base && fact.index === place),
      `that leg ${place} was opened`,
    ),
  );
  return [...opened, ...receipts, ...decisions];
}

const toldOf = ({ receipts, decisions }: Lists, returned: Returned) => ({
  receipts: receipts.map(({ ordinal, status, result, relayer }) => ({
    ordinal,
    status: LEG_STATUSES.indexOf(status),
    result,
    relayer,
    returned: returned(ordinal),
  })),
  decisions: decisions.map(({ id, base, outcome }) => ({ id, base, outcome: OUTCOMES.indexOf(outcome) })),
});

/** Places of the legs whose receipts it needs, ascending. */
const neededBy = ({ needsOk, needsFailed, needsSettled, undoes }: Leg): Place[] =>
  [...new Set([...needsOk, ...needsFailed, ...needsSettled, ...(undoes === null ? [] : [undoes])])].toSorted(
    (a, b) => a - b,
  );

/** Whether a leg at `place` that ended so shows that this one can never be due. */
function endedOtherwise({ needsOk, needsFailed, undoes }: Leg, place: Place, status: Settled): boolean {
  if (needsFailed.includes(place)) return status !== "failed";
  return (needsOk.includes(place) || undoes === place) && status !== "ok";
}

/** For each leg that it needs, a byte: which of the receipts is its. One that is not there is out of reach, and refused. */
function needsOf(item: SettlerItem, { receipts }: Lists): Hex {
  const bytes = neededBy(legIn(item)).map((place) => {
    const found = receipts.findIndex(({ ordinal }) => ordinal === item.base + BigInt(place));
    return numberToHex(found < 0 ? 255 : found, { size: 1 });
  });
  return concat(["0x", ...bytes]);
}

const at = (value: bigint | number, bit: number): bigint => BigInt(value) << BigInt(bit);
const pointer = (index: number): number => (index < 0 ? 255 : index);

/** The plain fields, packed as `LegWords` in ISettler.sol has them. */
function wordsOf(item: SettlerItem, { receipts, decisions }: Lists) {
  const { id, bundle, base, place } = item;
  const leg = legIn(item);
  const decision = decisions.findIndex((one) => one.id === id);
  const receipt = receipts.findIndex(({ ordinal, status }) =>
    endedOtherwise(leg, Number(ordinal - base), status),
  );
  return {
    place:
      at(BigInt(bundle.owner), 96) |
      at(bundle.deadline, 56) |
      at(place, 48) |
      at(pointer(decision), 40) |
      at(pointer(receipt), 32),
    rules:
      at(base, 192) |
      at(leg.gasLimit, 160) |
      at(bitmapOf(leg.needsOk), 128) |
      at(bitmapOf(leg.needsFailed), 96) |
      at(bitmapOf(leg.needsSettled), 64) |
      at(leg.undoes ?? 255, 56) |
      at(LEG_KINDS.indexOf(leg.kind), 48),
    callee: at(BigInt(leg.target), 96) | leg.value,
    salt: pad(leg.salt, { size: 32 }),
  };
}
