import { RULES } from "@sooth/markets/core";
import { fitted } from "../drafts/fitted.ts";
import { shelfOf } from "../drafts/shelf.ts";
import { type Draft, DURATIONS, LOCAL_DURATIONS, newDraft } from "./draft.ts";

/** A statement's draft as today's form has it, of whatever was kept. */
export function readDraft(kept: unknown, fresh: Draft): Draft {
  const draft = fitted(kept, fresh);
  const isOffered = [...LOCAL_DURATIONS, ...DURATIONS].some(({ seconds }) => seconds === draft.openSeconds);
  return {
    ...draft,
    openSeconds: isOffered ? draft.openSeconds : fresh.openSeconds,
    rule: RULES.includes(draft.rule) ? draft.rule : fresh.rule,
  };
}

export const statementShelf = shelfOf("statement", (kept) => readDraft(kept, newDraft(false)));
