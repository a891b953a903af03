/** What a node's "no" to a signed transaction means. */
export type Refusal = "known" | "nonce_used" | "underpriced" | "no_funds" | "other";

// Words of geth, nethermind, erigon, op-geth, nitro and anvil; there are no codes for them.
const WORDS: [RegExp, Refusal][] = [
  [/already known|known transaction|already imported|already in (the )?(mem)?pool/i, "known"],
  [/nonce (is )?too low|nonce has already been used|old ?nonce/i, "nonce_used"],
  [
    /underpriced|fee too low|max fee per gas less than block base fee|gas price too low|feetoolow/i,
    "underpriced",
  ],
  [/insufficient (funds|balance)|sender doesn't have enough funds/i, "no_funds"],
];

export function refusalOf(error: unknown): Refusal {
  const text =
    error instanceof Error ? `${error.message} ${"details" in error ? String(error.details) : ""}` : "";
  return WORDS.find(([words]) => words.test(text))?.[1] ?? "other";
}
