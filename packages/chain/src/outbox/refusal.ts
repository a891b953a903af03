/** What a node's "no" means. "never": to this transaction, for what it is. "other": perhaps only now. */
export type Refusal =
  | "known"
  | "nonce_used"
  | "underpriced"
  | "no_funds"
  | "too_much_gas"
  | "never"
  | "other";

// Words of geth, nethermind, erigon, op-geth, nitro and anvil; there are no codes for them.
const WORDS: [RegExp, Refusal][] = [
  [/already known|known transaction|already imported|already in (the )?(mem)?pool/i, "known"],
  [/nonce (is )?too low|nonce has already been used|old ?nonce/i, "nonce_used"],
  [
    /underpriced|fee too low|max fee per gas less than block base fee|gas price too low|feetoolow/i,
    "underpriced",
  ],
  [/insufficient ?(funds|balance)|sender doesn't have enough funds/i, "no_funds"],
  [/gas required exceeds|out ?of ?gas/i, "too_much_gas"],
  [
    /(exceeds|above|over|>).{0,40}gas[ _]?(limit|cap)|gas limit (is )?(too (high|low)|exceeded)|intrinsic gas|gas ?limit ?exceeded/i,
    "never",
  ],
  [/oversized data|invalid (sender|signature|chain ?id)|(transaction|tx) type not supported/i, "never"],
];

export function refusalOf(error: unknown): Refusal {
  const text =
    error instanceof Error ? `${error.message} ${"details" in error ? String(error.details) : ""}` : "";
  return WORDS.find(([words]) => words.test(text))?.[1] ?? "other";
}
