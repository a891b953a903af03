/**
 * What became of handing a letter over. `gone`: nobody is there, and nothing more goes there; `refused`: this letter is not taken,
 * ever; `failed`: it may be taken later, after `afterSeconds` at the earliest. `why` never holds an address.
 */
export type Outcome =
  | { kind: "sent" }
  | { kind: "gone" | "refused"; why: string }
  | { kind: "failed"; why: string; afterSeconds?: number };
