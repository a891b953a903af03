import type { Hex } from "@sooth/kernel";
import type { AnalystFacts, Label } from "../../core/index.ts";

/** What is to be labelled: each text by itself, towards the statement; that of the largest stake first. */
export type ToLabel = { market: Hex; statement: string; texts: readonly string[] };
/**
 * One label for each text, in their order; or why there is none of some, and so none of all. Where a market's budget ends, the texts
 * from there on are "not_labelled".
 */
export type LabelsOf = { done: true; labels: Label[] } | NotLabelled;
/** `spent`: a budget ended, which asking again does not change for now. */
export type NotLabelled = { done: false; why: string; spent?: boolean };

/** One way to label opinions. A new one is a new file in `analysts/`, and a name in the server's configuration. */
export type Analyst = AnalystFacts & {
  /** Never throws for what a vendor does. What failed is asked again with the next attempt; what was said is not paid for twice. */
  label(asked: ToLabel, signal: AbortSignal): Promise<LabelsOf>;
};
