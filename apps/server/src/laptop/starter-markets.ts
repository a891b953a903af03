import { type Chain, walletOf } from "@sooth/chain";
import { need, type Hex } from "@sooth/kernel";
import { wireCall } from "@sooth/oracle/core";
import type { LocalAccount } from "viem";
import { z } from "zod";
import { ServerError } from "../errors.ts";
import type { LaptopFacts } from "../roles.ts";
import { CANDLE_SECONDS, simulatedPrice } from "./exchanges.ts";

type Starter = {
  schema: { observeAt: number } & Record<string, unknown>;
  min?: string;
  max?: string;
  tolerance?: string;
  closesAt: number;
  cuts?: string[];
};
export type House = {
  apiUrl: string;
  hub: Chain;
  account: LocalAccount;
  sources: LaptopFacts["sourceTemplates"];
  /** The server stops: nothing more is asked. */
  signal: AbortSignal;
};

const SHORT_SECONDS = 300;
const LONG_SECONDS = 86_400;
const REWARD = "1000000";
const FEE_BPS = 100;
const HOUSE_STAKE = "20000000";

/**
 * Opens what a newcomer can stake on at once, unless something is open already: one market that is over in minutes, so
 * that he sees an answer and a pay-out, and one that stays for a day. They are asked and opened through the API like
 * anybody's, by an account of the house.
 */
export async function openStarterMarkets(house: House): Promise<number> {
  const now = await house.hub.now();
  const trading = z
    .object({ items: z.array(z.object({ terms: z.object({ closesAt: z.number() }) })) })
    .parse(await ask(house, "GET", "/v1/markets?status=trading&sort=newest&limit=50"));
  const openUntil = Math.max(0, ...trading.items.map(({ terms }) => terms.closesAt));
  const wanted = [
    ...(trading.items.some(({ terms }) => terms.closesAt > now + 60) ? [] : [shortMarket(now)]),
    ...(openUntil > now + LONG_SECONDS / 4 ? [] : [longMarket(now)]),
  ];
  for (const starter of wanted) await open(house, starter);
  return wanted.length;
}

const wholeMinute = (at: number): number => Math.ceil(at / CANDLE_SECONDS) * CANDLE_SECONDS;
const clock = (at: number): string =>
  `${new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
/** To full tens, so that the question reads like one that somebody asks. */
const near = (price: string, factor: number): string =>
  String(Math.round((Number(price) * factor) / 10) * 10);

function shortMarket(now: number): Starter {
  const observeAt = wholeMinute(now + SHORT_SECONDS + CANDLE_SECONDS);
  const threshold = near(simulatedPrice(now), 1);
  return {
    schema: {
      version: 1,
      text: `Will the simulated ETH/USD price close at or above ${threshold} at ${clock(observeAt)}?`,
      kind: "bool",
      outcomes: ["No", "Yes"],
      observeAt,
      rule: { type: "atLeast", threshold },
    },
    closesAt: observeAt - CANDLE_SECONDS,
  };
}

function longMarket(now: number): Starter {
  const observeAt = wholeMinute(now + LONG_SECONDS);
  const cuts = [0.95, 0.99, 1.01, 1.05].map((factor) => near(simulatedPrice(now), factor));
  return {
    schema: {
      version: 1,
      text: `What will the simulated ETH/USD price be at ${clock(observeAt)}?`,
      kind: "numeric",
      decimals: 2,
      unit: "USD",
      observeAt,
    },
    min: "0",
    max: "1000000",
    tolerance: "5",
    closesAt: observeAt - 3_600,
    cuts: [...new Set(cuts)].map((cut) => `${cut}00`),
  };
}

const calls = z.array(wireCall);
const preparedQuestion = z.object({ id: z.string(), calls });
const preparedMarket = z.object({ id: z.string(), calls, terms: z.object({ outcomes: z.number() }) });

async function open(house: House, starter: Starter): Promise<void> {
  const sources = house.sources.map(({ name, url, path, unit }) => ({ name, url, path, unit }));
  const schema = { ...starter.schema, sources };
  const question = preparedQuestion.parse(
    await ask(house, "POST", "/v1/questions/prepare", {
      schema,
      opensAt: starter.schema.observeAt,
      deadline: starter.schema.observeAt + 3_600,
      liveness: 10,
      reward: REWARD,
      asker: house.account.address,
      min: starter.min,
      max: starter.max,
      tolerance: starter.tolerance,
    }),
  );
  await send(house, question.calls);
  const market = preparedMarket.parse(
    await untilKnown(house.signal, () =>
      ask(house, "POST", "/v1/markets/prepare", {
        question: question.id,
        creator: house.account.address,
        closesAt: starter.closesAt,
        feeBps: FEE_BPS,
        cuts: starter.cuts,
      }),
    ),
  );
  await send(house, market.calls);
  await stakeEverywhere(house, market.id, market.terms.outcomes);
}

/** Something on every outcome, so that the first newcomer has odds to look at and somebody to win from. */
async function stakeEverywhere(house: House, market: string, outcomes: number): Promise<void> {
  for (let outcome = 0; outcome < outcomes; outcome++) {
    const body = { owner: house.account.address, outcome, amount: HOUSE_STAKE };
    const stake = await untilKnown(house.signal, () =>
      ask(house, "POST", `/v1/markets/${market}/stakes/prepare`, body),
    );
    await send(house, z.object({ calls }).parse(stake).calls);
  }
}

export async function send(house: House, calls: readonly z.infer<typeof wireCall>[]): Promise<void> {
  const { account, hub } = house;
  const wallet = walletOf(hub, account);
  for (const { to, data } of calls) {
    house.signal.throwIfAborted();
    const hash = await wallet.sendTransaction({ to: to as Hex, data: data as Hex });
    const receipt = await hub.client.waitForTransactionReceipt({ hash, pollingInterval: 100 });
    if (receipt.status !== "success")
      throw ServerError.starter_failed({ what: `transaction ${hash} reverted` });
  }
}

const KNOWN_WITHIN_MS = 10_000;

/** The question is on the chain; the API learns of it with the next block that the worker reads. */
async function untilKnown<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  const until = Date.now() + KNOWN_WITHIN_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

export async function ask(house: House, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(house.apiUrl + path, {
    method,
    signal: house.signal,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const answer: unknown = await response.json();
  if (!response.ok)
    throw ServerError.starter_failed({ what: `${method} ${path}: ${JSON.stringify(answer)}` });
  return need(answer, `an answer to ${method} ${path}`);
}
