import { FORM_KINDS } from "@sooth/oracle/core";
import { fitted } from "../drafts/fitted.ts";
import { shelfOf } from "../drafts/shelf.ts";
import { type Draft, type DraftSource, newDraft } from "./draft.ts";

const SOURCE: DraftSource = { name: "", url: "", path: "", unit: "", scale: "0", timePath: "" };

/** A question's draft as today's form has it, of whatever was kept. */
export function readDraft(kept: unknown, fresh: Draft): Draft {
  const draft = fitted(kept, fresh, { ...fresh, items: [""], sources: [SOURCE], secondary: [SOURCE] });
  return {
    ...draft,
    kind: FORM_KINDS.includes(draft.kind) ? draft.kind : fresh.kind,
    order: draft.order === "first" ? "first" : "all",
  };
}

/** Times that were not kept are not offered anew: whoever goes on with a draft looks at them. */
export const questionShelf = shelfOf("question", (kept) => readDraft(kept, newDraft(0, false)));
