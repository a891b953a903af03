import { type Fact, factText } from "../../facts.ts";
import { escrow } from "./escrow.ts";
import { hub } from "./hub.ts";
import { settler } from "./settler.ts";
import type { Applied, Block, Call, Setting, State } from "./state.ts";

/** What a chain's contracts make of a call in a block. Facts count that a quorum signed, and still stands by. */
export function apply(state: State, call: Call, block: Block, setting: Setting): Applied {
  const proven = new Set<string>();
  for (const { fact, signers, validUntil } of call.evidence)
    if (bitsOf(signers) >= setting.quorum && block.now <= validUntil) proven.add(textOf(fact));
  const proves = (fact: Fact): boolean => proven.has(textOf(fact));
  switch (call.to) {
    case "hub":
      return hub(state, call, block, setting, proves);
    case "settler":
      return settler(state, call, block, setting, proves);
    default:
      return escrow(state, call, block, setting, proves);
  }
}

export function textOf(fact: Fact): string {
  const { subject, content } = factText(fact);
  return `${subject}: ${content}`;
}

export function bitsOf(bitmap: number): number {
  let count = 0;
  for (let rest = bitmap; rest !== 0; rest &= rest - 1) count++;
  return count;
}

export * from "./bounds.ts";
export * from "./limits.ts";
export * from "./state.ts";
