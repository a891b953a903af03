import type { Hex } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";
import type { z } from "zod";
import {
  isPacked,
  itemCount,
  itemName,
  itemProof,
  itemSchema,
  labelOf,
  OracleError,
  packWords,
  statusOf,
  type wireItem,
  type wireItemProof,
} from "../core/index.ts";
import type { StoredQuestion } from "./questions.ts";

/** Keeps what stands under a root. The same root always has the same values. */
export async function keepItems(
  tx: Executor,
  root: Hex,
  values: readonly string[],
  now: number,
): Promise<void> {
  await sql`insert into oracle.vectors (root, items, received_at)
    values (${root}, ${JSON.stringify(values)}::jsonb, ${now}) on conflict do nothing`.execute(tx);
}

/** The values under a root, or nothing when nobody handed them over here. */
export async function itemsUnder(db: Executor, root: Hex): Promise<bigint[] | undefined> {
  const found = await one<{ items: string[] }>(
    db,
    sql`select items from oracle.vectors where root = ${root.toLowerCase()}`,
  );
  return found?.items.map(BigInt);
}

/** Some of an answered vector's answers. @throws oracle.unknown_item */
export async function listItems(
  db: Executor,
  question: StoredQuestion,
  from: number,
  limit: number,
): Promise<z.infer<typeof wireItem>[]> {
  const values = await answersOf(db, question, from);
  return values.slice(from, from + limit).map((value, place) => shown(question, from + place, value));
}

/** One of an answered vector's answers, and what proves it to the contract. @throws oracle.unknown_item */
export async function provedItem(
  db: Executor,
  question: StoredQuestion,
  index: number,
  now: number,
): Promise<z.infer<typeof wireItemProof>> {
  const { id, schema, word, facts } = question;
  const values = await answersOf(db, question, index);
  const value = values[index];
  const status = statusOf(word, now);
  if (
    value === undefined ||
    word.state !== "answered" ||
    !word.root ||
    facts === null ||
    status === "unknown"
  )
    throw OracleError.unknown_item({ question: id, index });
  return {
    ...shown(question, index, value),
    question: id,
    status,
    finalizeAt: word.finalizeAt,
    root: word.root,
    facts: String(facts),
    proof: isPacked(schema) ? null : itemProof(values, index),
    words: isPacked(schema) ? packWords(values).map(String) : null,
  };
}

async function answersOf(
  db: Executor,
  { id, schema, word }: StoredQuestion,
  index: number,
): Promise<bigint[]> {
  // Before the answer they are sealed, like the reports that they came with.
  const root = word.state === "answered" ? word.root : undefined;
  const values = root === undefined || index >= itemCount(schema) ? undefined : await itemsUnder(db, root);
  if (!values) throw OracleError.unknown_item({ question: id, index });
  return values;
}

const shown = ({ schema }: StoredQuestion, index: number, value: bigint): z.infer<typeof wireItem> => ({
  index,
  name: itemName(schema, index),
  value: String(value),
  label: labelOf(value, itemSchema(schema, index)),
});
