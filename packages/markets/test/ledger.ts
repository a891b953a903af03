import { bundles } from "@sooth/bundles";
import { committeeAbi, marketsAbi, opinionsAbi, oracleAbi, outcomeTokensAbi } from "@sooth/abi";
import { type Addresses, type Chain, chainById, chainMigrations, type LogHandlers } from "@sooth/chain";
import { type Address, type Hex, need, sameAddress, type UnixSeconds } from "@sooth/kernel";
import { oracle } from "@sooth/oracle";
import {
  encodeAnswerWord,
  type QuestionSchema,
  questionId,
  schemaHash,
  schemaText,
  type Terms,
  termsToChain,
} from "@sooth/oracle/core";
import { migrate, openStore, sql, type Store } from "@sooth/store";
import { type TestDatabase, testDatabase } from "@sooth/store/embedded";
import type { ContractEventArgsFromTopics, ContractEventName } from "viem";
import { markets } from "../src/index.ts";
import { marketId, type MarketTerms } from "../src/core/index.ts";

const HUB = 31_337;
export const START = 1_800_000_000;
const address = (digit: string): Address => `0x${digit.repeat(40)}`;
export const addresses: Addresses = {
  stakeManager: address("a"),
  oracle: address("b"),
  markets: address("c"),
  opinions: `0x${"a6".repeat(20)}`,
  outcomeTokens: `0x${"a7".repeat(20)}`,
  committee: `0x${"a8".repeat(20)}`,
  beacon: address("e"),
  wiring: address("1"),
  timelock: address("2"),
  policy: address("3"),
  guard: address("4"),
  slasher: address("5"),
  ladder: `0x${"a1".repeat(20)}`,
  court: `0x${"a2".repeat(20)}`,
  feeds: `0x${"a3".repeat(20)}`,
  gateway: `0x${"a4".repeat(20)}`,
  assertions: `0x${"a5".repeat(20)}`,
  attesters: `0x${"b1".repeat(20)}`,
  settler: `0x${"b2".repeat(20)}`,
  escrow: `0x${"b4".repeat(20)}`,
  bundleHub: `0x${"b3".repeat(20)}`,
  orders: `0x${"b5".repeat(20)}`,
  hashLocks: `0x${"b6".repeat(20)}`,
  bundleResolver: `0x${"b7".repeat(20)}`,
  messageGateway: `0x${"b8".repeat(20)}`,
  epochs: address("6e"),
  collateral: address("d"),
};
/** In the order of their numbers, and like nothing else that a call holds. */
export const person = (index: number): Address => `0x${(index + 0xa000).toString(16).repeat(10)}`;

type OracleArgs<E extends ContractEventName<typeof oracleAbi>> = ContractEventArgsFromTopics<
  typeof oracleAbi,
  E
>;
type MarketsArgs<E extends ContractEventName<typeof marketsAbi>> = ContractEventArgsFromTopics<
  typeof marketsAbi,
  E
>;
type OpinionsArgs<E extends ContractEventName<typeof opinionsAbi>> = ContractEventArgsFromTopics<
  typeof opinionsAbi,
  E
>;
export type Emitted = { contract: Address; event: string; args: object };
export const emitted = {
  oracle: <E extends ContractEventName<typeof oracleAbi>>(event: E, args: OracleArgs<E>): Emitted => ({
    contract: addresses.oracle,
    event,
    args: args as object,
  }),
  markets: <E extends ContractEventName<typeof marketsAbi>>(event: E, args: MarketsArgs<E>): Emitted => ({
    contract: addresses.markets,
    event,
    args: args as object,
  }),
  opinions: <E extends ContractEventName<typeof opinionsAbi>>(event: E, args: OpinionsArgs<E>): Emitted => ({
    contract: addresses.opinions,
    event,
    args: args as object,
  }),
  outcomes: <E extends ContractEventName<typeof outcomeTokensAbi>>(
    event: E,
    args: ContractEventArgsFromTopics<typeof outcomeTokensAbi, E>,
  ): Emitted => ({ contract: addresses.outcomeTokens, event, args: args as object }),
  seated: (args: ContractEventArgsFromTopics<typeof committeeAbi, "Seated">): Emitted => ({
    contract: need(addresses.committee, "the committee"),
    event: "Seated",
    args: args as object,
  }),
  proved: (round: bigint, seed: Hex): Emitted => ({
    contract: addresses.beacon,
    event: "Proved",
    args: { round, seed },
  }),
};

/** What an oracle was built with, as far as somebody asks. */
const BUILT: Record<string, unknown> = { LOWEST_WINDOW: 5, UNIT: 1_000_000n };

/** A database fed with logs as the follower feeds it, and a clock; no node. */
export type Ledger = {
  store: Store;
  hub: Chain;
  /** Block number and time of the last block. */
  head: { number: number; timestamp: number };
  /** One block with these logs; `timestamp` moves the clock. */
  block(logs: readonly Emitted[], timestamp?: number): Promise<void>;
  close(): Promise<void>;
};

export async function openLedger(): Promise<Ledger> {
  const database: TestDatabase = await testDatabase();
  const store = openStore({ url: database.url, max: 6, applicationName: "markets-test" });
  await migrate(store, [chainMigrations, oracle.migrations, bundles.migrations, markets.migrations]);
  const handlers: LogHandlers[] = [...oracle.logHandlers(addresses), ...markets.logHandlers(addresses)];
  const head = { number: 0, timestamp: START };
  const hub = {
    definition: chainById(HUB),
    now: async () => head.timestamp as UnixSeconds,
    client: { readContract: async ({ functionName }: { functionName: string }) => BUILT[functionName] ?? 0n },
  } as unknown as Chain;
  return {
    store,
    hub,
    head,
    async block(logs, timestamp) {
      head.number += 1;
      head.timestamp = timestamp ?? head.timestamp + 1;
      const block = { chainId: HUB, number: head.number, timestamp: head.timestamp, hash: hash(head.number) };
      await store.transaction(async (tx) => {
        await sql`select set_config('sooth.block', ${`${HUB}:${head.number}`}, true)`.execute(tx);
        for (const [event, run] of runs(logs)) {
          const followed = run.map(({ args, logIndex }) => ({
            args,
            block,
            logIndex,
            transaction: hash(head.number * 1000 + logIndex),
            address: event.contract,
          }));
          const wanted = handlers.filter(
            ({ address, on }) => sameAddress(address, event.contract) && on[event.event],
          );
          need(wanted[0], `handler of ${event.event}`);
          for (const { on } of wanted) await on[event.event]?.(tx, followed as never);
        }
        await sql`insert into chain.blocks (chain_id, number, hash, parent, timestamp)
          values (${HUB}, ${block.number}, ${block.hash}, ${hash(block.number - 1)}, ${block.timestamp})`.execute(
          tx,
        );
        await sql`insert into chain.cursors (chain_id, number, hash, undo_from)
          values (${HUB}, ${block.number}, ${block.hash}, 0)
          on conflict (chain_id) do update set number = excluded.number, hash = excluded.hash`.execute(tx);
      });
    },
    async close() {
      await store.close();
      await database.drop();
    },
  };
}

export const hash = (number: number): Hex => `0x${number.toString(16).padStart(64, "0")}`;

/** Consecutive logs of the same event. */
function runs(logs: readonly Emitted[]): [Emitted, { args: object; logIndex: number }[]][] {
  const found: [Emitted, { args: object; logIndex: number }[]][] = [];
  for (const [logIndex, log] of logs.entries()) {
    const last = found.at(-1);
    const same = last && last[0].event === log.event && last[0].contract === log.contract;
    if (same) last[1].push({ args: log.args, logIndex });
    else found.push([log, [{ args: log.args, logIndex }]]);
  }
  return found;
}

let nonce = 0n;
export type Opened = { terms: MarketTerms; id: Hex; question: Terms; questionId: Hex; logs: Emitted[] };

/** A question and a market on it, with the logs that make them. */
export function openMarket(
  o: { text?: string; outcomes?: string[]; cuts?: bigint[]; closesAt?: number; feeBps?: number } = {},
): Opened {
  const closesAt = o.closesAt ?? START + 1_000;
  const cuts = o.cuts ?? [];
  const labels = o.outcomes ?? ["No", "Yes"];
  const kind = cuts.length > 0 ? "numeric" : labels[0] === "No" ? "bool" : "categorical";
  const schema: QuestionSchema = {
    version: 1,
    text: o.text ?? "Will it rain tomorrow?",
    kind,
    outcomes: kind === "numeric" ? [] : labels,
    decimals: kind === "numeric" ? 2 : 0,
    unit: kind === "numeric" ? "USD" : "",
    observeAt: closesAt,
    sources: [],
    rule: { type: "value" },
    default: "invalid",
    description: "",
  };
  const text = schemaText(schema);
  nonce += 1n;
  const question: Terms = {
    asker: person(900),
    schema: schemaHash(text),
    aggregation: kind === "numeric" ? "median" : "plurality",
    min: 0n,
    max: kind === "numeric" ? 10n ** 12n : BigInt(labels.length - 1),
    tolerance: 0n,
    opensAt: closesAt,
    deadline: closesAt + 1_000,
    liveness: 60,
    reward: 0n,
    nonce,
    domain: 0,
    endsEarly: false,
    secures: 0n,
  };
  const id = questionId(question);
  const outcomes = kind === "numeric" ? cuts.length + 1 : labels.length;
  const terms: MarketTerms = {
    question: id,
    creator: person(901),
    closesAt,
    feeBps: o.feeBps ?? 200,
    outcomes,
    cuts,
  };
  const market = marketId(terms);
  const logs = [
    emitted.oracle("Asked", {
      question: id,
      asker: question.asker,
      terms: termsToChain(question),
      schema: text,
    }),
    emitted.markets("Opened", { market, question: id, terms }),
  ];
  return { terms, id: market, question, questionId: id, logs };
}

export const staked = (market: Hex, owner: Address, outcome: number, amount: bigint): Emitted =>
  emitted.markets("Staked", { market, owner, outcome, amount });
export const claimed = (market: Hex, owner: Address, outcome: number, stake: bigint, paid: bigint): Emitted =>
  emitted.markets("Claimed", { market, owner, outcome, staked: stake, paid });
export const answered = (question: Hex, value: bigint, finalizeAt: number): Emitted =>
  emitted.oracle("Answered", {
    question,
    word: encodeAnswerWord({
      state: "answered",
      value,
      finalizeAt,
      confidence: 10_000,
      seats: 7n,
      epoch: 1,
      round: 0,
      rewardSettled: false,
    }),
    report: "0x",
  });
