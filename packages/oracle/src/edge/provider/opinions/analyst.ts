import type { Address, Hex } from "@sooth/kernel";
import type { Decimal, Position } from "../../../core/index.ts";

/** An opinion with what its hash stands for; null: no store has a text of that hash, or the analyst does not read it. */
export type ReadPosition = Position & { text: string | null };

/** An opinion market as it stood when its question was to be answered. */
export type ReadMarket = {
  chainId: number;
  contract: Address;
  market: Hex;
  question: Hex;
  statement: string;
  /** SHA-256 of the statement, and of the text that says how opinions are graded. */
  statementHash: Hex;
  rubricHash: Hex;
  /** By owner. */
  positions: readonly ReadPosition[];
};

export type Assessment =
  /**
   * `sheet`: canonical JSON of all labels, which the score can be computed from. `families`: of how many different families of
   * models the score is. `confidence`: of the sheet, in ten-thousandths.
   */
  | { scored: true; score: Decimal; sheet: string; families: number; confidence: number }
  | { scored: false; why: string };

/** Who labels opinions for a provider. What it does is its own affair: the oracle knows nothing of labels. */
export type OpinionAnalyst = {
  /** The positions whose texts it looks at; of the others none need be read. */
  reads(market: Hex, positions: readonly Position[]): readonly Position[];
  /** Never throws for what a vendor does. */
  assess(market: ReadMarket, signal: AbortSignal): Promise<Assessment>;
};

/** All that a provider reads opinions with. */
export type OpinionTools = {
  /** The deployment's contract of opinions. Of any other one nothing is known but that its creator wrote it. */
  chainId: number;
  contract: Address;
  analyst: OpinionAnalyst;
  /** Where texts are, each with `{cid}` or `{sha256}` in it; asked in turn. */
  gateways: readonly string[];
  /** Hands a sheet to where everybody can read it; false: not taken, and may be later. */
  keep(sheet: string, signal: AbortSignal): Promise<boolean>;
};
