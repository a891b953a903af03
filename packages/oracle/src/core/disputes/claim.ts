import { INVALID, TOO_EARLY } from "../answer-word.ts";
import { parseDecimal } from "../decimals.ts";
import { kindOf } from "../kinds/index.ts";
import type { QuestionSchema } from "../wire.ts";
import { DisputeError } from "./errors.ts";

/** What people type as the right answer: "too early", "invalid", an outcome's name, or a number in the question's unit. @throws dispute.bad_claim, oracle.not_a_number */
export function readClaim(text: string, schema: QuestionSchema): bigint {
  const plain = text.trim().toLowerCase();
  if (plain === "too early") return TOO_EARLY;
  if (plain === "invalid") return INVALID;
  if (schema.outcomes.length > 0) {
    const index = schema.outcomes.findIndex((outcome) => outcome.trim().toLowerCase() === plain);
    if (index === -1) throw DisputeError.bad_claim({ claim: text });
    return BigInt(index);
  }
  const value = kindOf(schema).valueOf(parseDecimal(text.trim()), schema);
  if (value === null) throw DisputeError.bad_claim({ claim: text });
  return value;
}
