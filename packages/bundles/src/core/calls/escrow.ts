import { escrowAbi } from "@sooth/abi";
import { type Address, type Hex, keccak256 } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { type Fact, NO_RESULT } from "../facts.ts";
import { type Bundle, type Leg, LEG_KINDS, OUTCOMES, type Place } from "../types.ts";
import { headerOf } from "./hub.ts";
import { legIn } from "./settler.ts";

type DecisionFact = Extract<Fact, { kind: "decision" }>;

/** A leg of an escrowed bundle, and what is decided of it. */
export type HeldItem = {
  id: Hex;
  legs: readonly Leg[];
  place: Place;
  facts: readonly Fact[];
  /** What a participant gets, when that is more than its leg states. */
  gas?: number;
};
/** EIP-2612: lets the escrow take the payer's tokens. */
export type Permit = { value: bigint; deadline: bigint; v: number; r: Hex; s: Hex };

/** The escrow may take them already. */
const NO_PERMIT: Permit = { value: 0n, deadline: 0n, v: 0, r: NO_RESULT, s: NO_RESULT };

/** What differs from leg to leg of an escrow, as the contract takes it. */
const heldLegOf = ({ kind, target, value, gasLimit, data, salt }: Leg) => ({
  kind: LEG_KINDS.indexOf(kind),
  target,
  value,
  gasLimit,
  data,
  salt,
});

/** Arguments of `IEscrow.prepare`. @param consent of the payer, or of a participant's owner; "0x": he sends it himself */
export const prepareArgs = (
  item: { bundle: Bundle; legs: readonly Leg[]; hashes: readonly Hex[]; place: Place },
  consent: Hex,
  permit: Permit = NO_PERMIT,
) => [headerOf(item.bundle), [...item.hashes], item.place, heldLegOf(legIn(item)), consent, permit] as const;

/** Of another leg what its hash commits to; an escrow on which lanes are bounded wants to see that. */
const otherLegOf = ({ chainId, kind, target, value, gasLimit, data, salt }: Leg) => ({
  chainId: BigInt(chainId),
  kind: LEG_KINDS.indexOf(kind),
  target,
  value,
  gasLimit,
  dataHash: keccak256(data),
  salt,
});

/** @param isAcross whether the other legs are shown: where a lane is bounded an escrow takes none of which they were not */
export function prepareData(
  item: { bundle: Bundle; legs: readonly Leg[]; hashes: readonly Hex[]; place: Place },
  consent: Hex,
  permit: Permit | undefined,
  isAcross: boolean,
): Hex {
  const args = prepareArgs(item, consent, permit);
  if (!isAcross) return encodeFunctionData({ abi: escrowAbi, functionName: "prepare", args });
  const others = item.legs.filter((_, place) => place !== item.place).map(otherLegOf);
  return encodeFunctionData({ abi: escrowAbi, functionName: "prepareAcross", args: [...args, others] });
}

/** Arguments of `IEscrow.finish`, and the facts in the order in which the evidence must prove them. */
export function finishArgs(items: readonly HeldItem[], relayer: Address) {
  const decisions = new Map<Hex, DecisionFact>();
  for (const fact of items.flatMap(({ facts }) => facts))
    if (fact.kind === "decision") decisions.set(fact.id, fact);
  const facts = [...decisions.values()];
  const legs = items.map((item) => ({
    id: item.id,
    index: item.place,
    decision: facts.findIndex(({ id }) => id === item.id),
    gas: item.gas ?? 0,
    leg: heldLegOf(legIn(item)),
  }));
  const told = facts.map(({ id, base, outcome }) => ({ id, base, outcome: OUTCOMES.indexOf(outcome) }));
  return { legs, decisions: told, relayer, facts };
}

/** Arguments of `IEscrow.takeBack`. */
export const takeBackArgs = (item: { bundle: Bundle; legs: readonly Leg[]; place: Place }, gas = 0) =>
  [headerOf(item.bundle), item.place, heldLegOf(legIn(item)), gas] as const;
