import { type Address, type Amount, at, canonicalJson, type Hex } from "@sooth/kernel";
import { merkleTree, wireAddress, wireHex32, wireInteger } from "@sooth/oracle/core";
import { keccak256, stringToHex } from "viem";
import { z } from "zod";
import { type Label, QUALITY_PARTS, type QualityPart, type Rejection, REJECTIONS } from "./label.ts";
import { largestFirst, MOST_LABELLED, type Rest } from "./largest.ts";
import { type Scoring, scoreOpinions } from "./score.ts";

const bps = z.number().int().min(-10_000).max(10_000);
const part = (name: QualityPart) => z.number().int().min(0).max(QUALITY_PARTS[name]);
/** What is told of an analyst, so that anybody may ask it again. */
export const wireAnalyst = z.object({
  analyst: z.string().max(40),
  /** Models of one family are one voice. */
  family: z.string().max(40),
  model: z.string().max(120),
  /** SHA-256 of everything that is the same for all opinions: rules and form of the answer, or the offline model's file. */
  prompt: wireHex32,
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type AnalystFacts = z.infer<typeof wireAnalyst>;

export const wireLabel = z.object({
  owner: wireAddress,
  /** Ten-thousandths from wholly against the statement to wholly for it. */
  stance: bps,
  /** 0 to 100, the sum of its parts. */
  quality: z.number().int().min(0).max(100),
  parts: z.object({
    clarity: part("clarity"),
    insight: part("insight"),
    reasoning: part("reasoning"),
    originality: part("originality"),
  }),
  keep: z.boolean(),
  /** Why it is not kept, or what the analyst says of it. */
  reason: z.string().max(200),
});

/**
 * All labels of a market by one provider's analysts, and what they come to. Its SHA-256 stands in the evidence of his report, and
 * it is kept under that hash. The score is `scoreOpinions` of positions and labels, so anybody can redo it.
 */
export const labelSheet = z.object({
  version: z.literal(1),
  chainId: z.number().int(),
  contract: wireAddress,
  market: wireHex32,
  question: wireHex32,
  /** SHA-256 of the texts. */
  statement: wireHex32,
  rubric: wireHex32,
  /** By owner, those of the largest stakes where there are more than `MOST_LABELLED`. `opinion`: SHA-256 of the text. */
  positions: z.array(
    z.object({
      owner: wireAddress,
      band: z.number().int().min(0).max(20),
      staked: wireInteger,
      opinion: wireHex32,
    }),
  ),
  /** How many more opinions there are, which nobody labelled, and what was staked with them; not there where there are none. */
  rest: z.object({ opinions: z.number().int().positive(), staked: wireInteger }).optional(),
  analysts: z
    .array(wireAnalyst.extend({ labels: z.array(wireLabel) }))
    .min(1)
    .max(8),
  /** Over all labels, in a standard Merkle tree: see {labelLeaf}. */
  root: wireHex32,
  score: z.number().int().min(0).max(100),
  confidence: z.number().int().min(0).max(10_000),
  spreadBps: z.number().int(),
  families: z.array(z.object({ family: z.string(), scoreBps: z.number().int() })),
});
export type LabelSheet = z.infer<typeof labelSheet>;
type WireLabel = z.infer<typeof wireLabel>;

export type SheetPosition = { owner: Address; band: number; staked: bigint; opinion: Hex };
export type SheetMarket = Pick<
  LabelSheet,
  "chainId" | "contract" | "market" | "question" | "statement" | "rubric"
>;
/** One label for each position, in their order. */
export type Labelled = AnalystFacts & { labels: readonly Label[] };

const NO_REST: Rest = { opinions: 0, staked: 0n };

/** What was labelled as a sheet, or why it comes to no score. @throws markets.bad_labels */
export function sheetOf(
  market: SheetMarket,
  positions: readonly SheetPosition[],
  analysts: readonly Labelled[],
  rest: Rest = NO_REST,
): { sheet: LabelSheet } | { unscored: Extract<Scoring, { kind: "unscored" }>["reason"] } {
  const scoring = scoreOpinions(
    positions.map(({ owner, staked }) => ({ owner, staked: staked as Amount })),
    analysts,
    rest.staked,
  );
  if (scoring.kind === "unscored") return { unscored: scoring.reason };
  const told = analysts.map(({ labels, analyst, family, model, prompt, settings }) => ({
    analyst,
    family,
    model,
    prompt,
    settings,
    labels: labels.map((label, index) => labelToWire(at(positions, index).owner, label)),
  }));
  const { score, confidence, spreadBps, families } = scoring;
  const sheet: LabelSheet = {
    version: 1,
    ...market,
    positions: positions.map(({ owner, band, staked, opinion }) => ({
      owner,
      band,
      opinion,
      staked: String(staked),
    })),
    ...(rest.opinions > 0 && { rest: { opinions: rest.opinions, staked: String(rest.staked) } }),
    analysts: told,
    root: rootOfLabels(told),
    score,
    confidence,
    spreadBps,
    families: [...families],
  };
  return { sheet };
}

/** Leaf of the tree: what one analyst says of one opinion, hashed twice as trees of that standard are. */
export const labelLeaf = (analyst: string, label: WireLabel): Hex =>
  keccak256(keccak256(stringToHex(canonicalJson({ analyst, label }))));

const rootOfLabels = (analysts: LabelSheet["analysts"]): Hex =>
  merkleTree(analysts.flatMap(({ analyst, labels }) => labels.map((label) => labelLeaf(analyst, label))))
    .root;

/** The sheet of a text, or what is wrong with it: in its form, or where its own figures do not follow from its labels. */
export function readSheet(text: string): { sheet: LabelSheet } | { complaint: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { complaint: "it is not JSON" };
  }
  const { data: sheet } = labelSheet.safeParse(json);
  if (!sheet) return { complaint: "it is no label sheet" };
  if (canonicalJson(sheet) !== text) return { complaint: "it is not in canonical form" };
  const { positions, analysts } = sheet;
  if (
    analysts.some(
      ({ labels }) =>
        labels.length !== positions.length ||
        labels.some(({ owner }, index) => owner !== positions[index]?.owner),
    )
  )
    return { complaint: "its labels are not those of its positions" };
  const held = positions.map((position) => ({
    ...position,
    owner: position.owner as Address,
    opinion: position.opinion as Hex,
    staked: BigInt(position.staked),
  }));
  const rest = sheet.rest ? { ...sheet.rest, staked: BigInt(sheet.rest.staked) } : NO_REST;
  const left = leftOutComplaint(sheet, held, rest);
  if (left !== null) return { complaint: left };
  const labelled = analysts.map(({ labels, ...facts }) => ({ ...facts, labels: labels.map(labelOf) }));
  const { chainId, contract, market, question, statement, rubric } = sheet;
  const again = sheetOf({ chainId, contract, market, question, statement, rubric }, held, labelled, rest);
  if (!("sheet" in again)) return { complaint: "its labels come to no score" };
  const { root, score, confidence, spreadBps, families } = again.sheet;
  if (root !== sheet.root) return { complaint: "its root is not that of its labels" };
  if (score !== sheet.score || confidence !== sheet.confidence || spreadBps !== sheet.spreadBps)
    return { complaint: `its labels come to ${score}, not ${sheet.score}` };
  // Whoever names a family that labelled nothing would count for two.
  return canonicalJson(families) === canonicalJson(sheet.families)
    ? { sheet }
    : { complaint: "its families are not those of its labels" };
}

/** That only smaller stakes are left out: of the sheet, and by each analyst whose budget ended. Null: it holds. */
function leftOutComplaint(
  { market, analysts }: LabelSheet,
  held: readonly SheetPosition[],
  rest: Rest,
): string | null {
  if (held.length > MOST_LABELLED || (rest.opinions > 0 && held.length < MOST_LABELLED))
    return `it names ${held.length} opinions and leaves out ${rest.opinions}: the ${MOST_LABELLED} of the largest stakes are named`;
  const ordered = largestFirst(market as Hex, held);
  const least = ordered.at(-1)?.staked ?? 0n;
  if (rest.staked > least * BigInt(rest.opinions)) return "it leaves out larger stakes than it names";
  for (const { analyst, labels } of analysts) {
    const byOwner = new Map(labels.map((label) => [label.owner, label]));
    const inOrder = ordered.map(({ owner }) => byOwner.get(owner));
    const end = inOrder.findIndex((label) => label?.reason === NOT_LABELLED && !label.keep);
    if (end >= 0 && inOrder.slice(end).some((label) => label?.keep))
      return `${analyst} left out a larger stake than it labelled`;
  }
  return null;
}
const NOT_LABELLED: Rejection = "not_labelled";

const LONGEST_NOTE = 200;
/** As it stands in a sheet. */
export const labelToWire = (
  owner: Address,
  { stance, quality, parts, rejection, note = "" }: Label,
): WireLabel => ({
  owner,
  stance,
  quality,
  parts,
  keep: rejection === null,
  reason: rejection ?? note.slice(0, LONGEST_NOTE).toWellFormed(),
});

function labelOf({ stance, quality, parts, keep, reason }: WireLabel): Label {
  const named = REJECTIONS.find((rejection) => rejection === reason);
  return { stance, quality, parts, rejection: keep ? null : (named ?? "not_kept"), note: reason };
}
