import type { Chain as ViemChain } from "viem";

/** Seconds from a block to the chain's own word of it: no sooner than `least`, and as a rule within `usual`. */
export type Lag = { least: number; usual: number };

/** Everything Sooth knows about one chain. A new chain is a new file of this shape, named in the list beside it. */
export type ChainDefinition = {
  id: number;
  /** Stable and kebab-case: used in metrics, logs and file names. */
  name: string;
  /** The hub holds questions and markets; a rollup holds collateral. */
  role: "hub" | "rollup";
  viem: ViemChain;
  /** A block with this many blocks on top is taken as final: its rows are no longer undone. */
  finality: { confirmations: number };
  /** How long blocks wait until the chain calls them safe, and finalized. */
  marks: { safe: Lag; finalized: Lag };
  /** Usual seconds between two blocks. */
  blockSeconds: number;
  /** How often to ask for a new head, in milliseconds. */
  pollMs: number;
  explorer: string | null;
  nativeSymbol: string;
};
