import type { Hex } from "@sooth/kernel";
import { openLedger } from "@sooth/oracle";
import { pricePerToken } from "@sooth/oracle/core";
import { logger } from "@sooth/runtime";
import {
  API_KEY,
  type MessagesRequest,
  saidIn,
  type Script,
  startMessages,
} from "@sooth/oracle/messages-simulator";
import { claudeAnalyst, type ClaudeOptions } from "../../src/edge/analyst/analysts/claude.ts";

export const PRICES = { input: pricePerToken("2"), output: pricePerToken("10") };
export const MARKET: Hex = `0x${"01".repeat(32)}`;

export type Said = {
  keep: boolean;
  stance: number;
  clarity: number;
  insight: number;
  reasoning: number;
  originality: number;
  reason: string;
};
export const FAIR: Said = {
  keep: true,
  stance: 60,
  clarity: 12,
  insight: 14,
  reasoning: 13,
  originality: 7,
  reason: "A sound reason that most people know.",
};
export const BEST: Said = {
  keep: true,
  stance: 100,
  clarity: 20,
  insight: 30,
  reasoning: 30,
  originality: 20,
  reason: "As it says of itself.",
};
export const says = (said: object) => ({ kind: "text", text: JSON.stringify(said) }) as const;

/** The opinion that a request holds, as the model reads it out of the fence. */
export function opinionIn(request: MessagesRequest): string {
  const line = saidIn(request)
    .split("\n")
    .find((each) => each.startsWith('{"opinion":'));
  return (JSON.parse(line ?? "{}") as { opinion: string }).opinion;
}

/** The service on this machine and an analyst that asks it, without pauses between tries. */
export async function claudeStage(...script: Script[]) {
  const messages = await startMessages(...script);
  const analystOf = async (over: Partial<ClaudeOptions> & { dayCap?: bigint; marketCap?: bigint } = {}) => {
    const { dayCap = 10n ** 12n, marketCap = 10n ** 12n, ...rest } = over;
    const perDay = await openLedger({ file: undefined, capPerDay: dayCap, now: () => 0 });
    const market = await openLedger({ file: undefined, capPerDay: marketCap, now: () => 0 });
    const analyst = await claudeAnalyst({
      apiKey: API_KEY,
      baseUrl: messages.url,
      model: "claude-sonnet-5-5",
      family: "claude",
      prices: PRICES,
      perDay,
      perMarket: async () => market,
      log: logger("analyst"),
      firstDelayMs: 1,
      timeoutMs: 5_000,
      pollMs: 1,
      patienceMs: 60_000,
      ...rest,
    });
    return { analyst, perDay, market };
  };
  return { messages, analystOf };
}
