import type { Hex } from "@sooth/kernel";
import type { StoredQuestion } from "@sooth/oracle";
import { questionId, readSchema, schemaHash, termsFromWire } from "@sooth/oracle/core";
import type { z } from "zod";
import type { wireAsking } from "../core/index.ts";

/** What stands of a question once it was asked in the transaction that is being prepared. */
export type NotYetAsked = Pick<StoredQuestion, "id" | "terms" | "schema">;

/** A question that is asked in the same transaction; null where these are not the terms and the schema of `question`. */
export function notYetAsked(
  question: string,
  { terms: told, schemaText }: z.infer<typeof wireAsking>,
): NotYetAsked | null {
  const terms = termsFromWire(told);
  const { schema, fault } = readSchema(schemaText, terms);
  const id = question.toLowerCase() as Hex;
  const same = idOf(terms) === id && schemaHash(schemaText) === terms.schema && fault === null;
  return same ? { id, terms, schema } : null;
}

/** Null of numbers that the contract has no room for. */
function idOf(terms: Parameters<typeof questionId>[0]): Hex | null {
  try {
    return questionId(terms);
  } catch {
    return null;
  }
}
