import { type Hex, need } from "@sooth/kernel";
import { encodeAbiParameters, keccak256 } from "viem";
import { INVALID, isSentinel, TOO_EARLY } from "./answer-word.ts";
import type { Finding } from "./consensus.ts";
import { itemCount, itemName, MAX_ITEMS } from "./kinds/index.ts";
import { leadsTo, merkleTree } from "./merkle.ts";
import { sourceForItem } from "./sources/index.ts";
import type { QuestionSchema } from "./wire.ts";

/**
 * The items of a vector question: each as a question of its own, and all their answers under one root. Mirror of
 * Roots.sol. Yes-or-no vectors are packed, two bits an answer, so that a contract reads them without a proof; the others
 * are the leaves of a Merkle tree.
 */

/** One item as the question that it is. @throws kernel.missing beyond the last */
export function itemSchema(schema: QuestionSchema, index: number): QuestionSchema {
  const { items, ...rest } = schema;
  const { kind } = need(items, "the items of a vector");
  if (index >= itemCount(schema)) need(undefined, `item ${index}`);
  const item = { name: itemName(schema, index), index };
  return {
    ...rest,
    kind: kind as QuestionSchema["kind"],
    text: `${schema.text} (${item.name})`,
    sources: schema.sources.map((source) => sourceForItem(source, item)),
  };
}

export const isPacked = ({ items }: Pick<QuestionSchema, "items">): boolean => items?.kind === "bool";

/** The root that stands for these values, one for each item in turn. */
export const rootOf = (schema: QuestionSchema, values: readonly bigint[]): Hex =>
  isPacked(schema) ? packedRoot(packWords(values)) : merkleTree(values.map(itemLeaf)).root;

/* A TREE */

const LEAF = [{ type: "uint256" }, { type: "int96" }] as const;

const itemLeaf = (value: bigint, index: number): Hex =>
  keccak256(keccak256(encodeAbiParameters(LEAF, [BigInt(index), value])));

/** What leads from item `index` to the root of a tree over these values. */
export const itemProof = (values: readonly bigint[], index: number): Hex[] =>
  merkleTree(values.map(itemLeaf)).proofOf(index);

/** Whether `value` is what the tree under `root` says of item `index`. */
export const isItemProved = (root: Hex, index: number, value: bigint, proof: readonly Hex[]): boolean =>
  leadsTo(root, itemLeaf(value, index), proof);

/* WORDS */

const CODE_BITS = 2n;
const CODES_IN_WORD = 128;
const NO = 1n;
const YES = 2n;
const UNKNOWABLE = 3n;

const codeOf = (value: bigint): bigint => (isSentinel(value) ? UNKNOWABLE : value === 1n ? YES : NO);

/** 128 answers a word, the first in the low bits: 1 no, 2 yes, 3 invalid; 0 where there is none. */
export function packWords(values: readonly bigint[]): bigint[] {
  const words = Array.from({ length: Math.ceil(values.length / CODES_IN_WORD) }, () => 0n);
  for (const [index, value] of values.entries()) {
    const place = Math.floor(index / CODES_IN_WORD);
    words[place] = (words[place] ?? 0n) | (codeOf(value) << (CODE_BITS * BigInt(index % CODES_IN_WORD)));
  }
  return words;
}

/** The root of packed words, as the contract computes it. */
export const packedRoot = (words: readonly bigint[]): Hex =>
  keccak256(encodeAbiParameters([{ type: "uint256[]" }], [words]));

/** What the words say of item `index`; null where they say nothing. */
export function unpackItem(words: readonly bigint[], index: number): bigint | null {
  const word = words[Math.floor(index / CODES_IN_WORD)] ?? 0n;
  const code = (word >> (CODE_BITS * BigInt(index % CODES_IN_WORD))) & 3n;
  if (code === UNKNOWABLE) return INVALID;
  return code === 0n ? null : code - NO;
}

/** Whether values fit the items of a vector: one for each, none too early, all within the bounds or invalid. */
export function valuesComplaint(
  schema: QuestionSchema,
  { min, max }: { min: bigint; max: bigint },
  values: readonly bigint[],
): string | null {
  if (values.length !== itemCount(schema) || values.length > MAX_ITEMS)
    return `it has ${values.length} values for ${itemCount(schema)} items`;
  const wrong = values.findIndex((value) => value !== INVALID && (value < min || value > max));
  return wrong === -1 ? null : `the value of item ${wrong} lies outside the bounds`;
}

/* WHAT WAS READ */

/** What a provider makes of a vector: the values of all items, or one of them for the whole question. */
export type VectorFinding = Finding & { values?: readonly bigint[] };

/**
 * Every item's finding as one. Until it is late an item that cannot be told holds up all of them: a root is signed
 * once. Then it is invalid for itself.
 */
export function joinFindings(
  schema: QuestionSchema,
  findings: readonly Finding[],
  late: boolean,
): VectorFinding {
  const dropped = new Map<string, string>();
  const count = findings.length;
  const name = (index: number) => itemName(schema, index);
  const untold = findings.findIndex((finding) => finding.do === "abstain");
  const early = findings.findIndex((finding) => finding.do === "sign" && finding.value === TOO_EARLY);
  if (!late && untold !== -1) {
    const first = findings[untold];
    const why = first?.do === "abstain" ? first.why : "";
    return { do: "abstain", why: `item ${name(untold)} cannot be told: ${why}`, dropped };
  }
  if (!late && early !== -1)
    return { do: "sign", value: TOO_EARLY, reason: `item ${name(early)} has no figure yet`, dropped };
  const values = findings.map((finding) =>
    finding.do === "abstain" || finding.value === TOO_EARLY ? INVALID : finding.value,
  );
  const invalid = values.filter((value) => value === INVALID).length;
  // Nothing at all was read: that is this provider's trouble, and no answer.
  if (invalid === count) return { do: "abstain", why: "no item can be told", dropped };
  const reason = `${count - invalid} of ${count} items were read${invalid === 0 ? "" : ", the others are invalid"}`;
  return { do: "sign", value: 0n, values, reason, dropped };
}
