import type { Hex } from "@sooth/kernel";
import type { OpinionEnding } from "../../core/index.ts";

/** What payments of opinion markets are called in the outbox: the same payment is the same transaction, on whatever machine. */

/** Prizes that were forgone are a second payment of the same opinions, and so another batch. */
export const opinionClaimKey = (ending: OpinionEnding, key: string): string =>
  `opinions:${ending === "undrawn" ? "undrawn:" : ""}${key}`;

export const prizeKey = (market: Hex, prize: number): string => `opinions:prize:${market}:${prize}`;
export const sweepKey = (market: Hex, prize: number): string => `opinions:sweep:${market}:${prize}`;
export const feeKey = (market: Hex): string => `opinions:fee:${market}`;
