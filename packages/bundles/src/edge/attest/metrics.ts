import { counter } from "@sooth/runtime";
import type { Silence } from "../../core/index.ts";

const facts = counter(
  "bundles_attester_facts_total",
  "Facts that keys of ours were asked to sign: signed, beside one that was not, or why not",
  ["answer"],
);

/** A batch of so many facts was signed. */
export const signedFacts = (count: number): void => facts.inc({ answer: "signed" }, count);

/** A batch was not signed, for what is said of some of its facts. */
export function refusedFacts(count: number, reasons: readonly { why: Silence }[]): void {
  for (const { why } of reasons) facts.inc({ answer: why });
  facts.inc({ answer: "beside" }, count - reasons.length);
}
