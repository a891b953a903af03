import type { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import {
  type Addresses,
  type Chain,
  type ChainStatus,
  chainById,
  chainMigrations,
  type LogHandlers,
} from "@sooth/chain";
import { type Address, type Hex, need, sameAddress, type UnixSeconds } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { migrate, openStore, sql, type Store } from "@sooth/store";
import { type TestDatabase, testDatabase } from "@sooth/store/embedded";
import type { ContractEventArgsFromTopics, ContractEventName } from "viem";
import {
  type Bundle,
  bundleId,
  encodeLegs,
  type Hub,
  type Leg,
  legHash,
  legsHashOf,
  MODES,
  STANDALONE,
} from "../src/core/index.ts";
import type { Deps } from "../src/edge/deps.ts";
import { bundles } from "../src/index.ts";

export const HUB = 31_337;
export const A = 31_338;
export const B = 31_339;
export const START = 1_800_000_000;
const address = (byte: string): Address => `0x${byte.repeat(20)}`;
export const addresses = {
  stakeManager: address("aa"),
  attesters: address("b1"),
  settler: address("b2"),
  bundleHub: address("b3"),
  escrow: address("b4"),
  collateral: address("dd"),
} as Addresses;
export const person = (index: number): Address => address((0xa0 + index).toString(16));
export const hash = (number: number): Hex => `0x${number.toString(16).padStart(64, "0")}`;
const HUB_AT: Hub = { chainId: HUB, hub: addresses.bundleHub };

type Event = { contract: Address; event: string; args: object };
type Args<A extends typeof bundleHubAbi | typeof settlerAbi | typeof escrowAbi, E> =
  E extends ContractEventName<A> ? ContractEventArgsFromTopics<A, E> : never;
export const emitted = {
  hub: <E extends ContractEventName<typeof bundleHubAbi>>(
    event: E,
    args: Args<typeof bundleHubAbi, E>,
  ): Event => ({ contract: addresses.bundleHub, event, args: args as object }),
  settler: <E extends ContractEventName<typeof settlerAbi>>(
    event: E,
    args: Args<typeof settlerAbi, E>,
  ): Event => ({ contract: addresses.settler, event, args: args as object }),
  escrow: <E extends ContractEventName<typeof escrowAbi>>(
    event: E,
    args: Args<typeof escrowAbi, E>,
  ): Event => ({
    contract: addresses.escrow,
    event,
    args: args as object,
  }),
};

/** A database fed with logs of three chains as their followers feed it, and their clocks; no node. */
export type Ledger = {
  store: Store;
  deps: Deps;
  head(chainId: number): { number: number; timestamp: number };
  /** One block of a chain with these logs. */
  block(chainId: number, logs: readonly Event[], timestamp?: number): Promise<void>;
  /** Takes back the blocks of a chain above `number`, as its follower does. */
  undo(chainId: number, number: number): Promise<void>;
  close(): Promise<void>;
};

export async function openLedger(): Promise<Ledger> {
  const database: TestDatabase = await testDatabase();
  const store = openStore({ url: database.url, max: 6, applicationName: "bundles-test" });
  await migrate(store, [chainMigrations, bundles.migrations]);
  const heads = new Map([HUB, A, B].map((id) => [id, { number: 0, timestamp: START }]));
  const headOf = (chainId: number) => need(heads.get(chainId), `chain ${chainId}`);
  const handlersOf = (chainId: number): readonly LogHandlers[] =>
    chainId === HUB ? bundles.logHandlers(addresses) : bundles.rollupLogHandlers(addresses);
  const chain = (chainId: number): Chain => ({
    ...({} as Chain),
    definition: chainById(chainId),
    now: async () => headOf(chainId).timestamp as UnixSeconds,
    client: CONTRACTS,
    status: () => ({ rpcs: [{ state: "usable" }] }) as unknown as ChainStatus,
  });
  return {
    store,
    deps: {
      store,
      hub: chain(HUB),
      rollups: [chain(A), chain(B)],
      addresses,
      config: bundles.config.parse({}),
      log: logger("bundles-test"),
    },
    head: headOf,
    async block(chainId, logs, timestamp) {
      const head = headOf(chainId);
      head.number += 1;
      head.timestamp = timestamp ?? head.timestamp + 1;
      const block = { chainId, ...head, hash: hash(head.number) };
      await store.transaction(async (tx) => {
        await sql`select set_config('sooth.block', ${`${chainId}:${head.number}`}, true)`.execute(tx);
        for (const [event, run] of runs(logs)) {
          const followed = run.map(({ args, logIndex }) => ({
            args,
            block,
            logIndex,
            transaction: hash(chainId * 1e6 + head.number * 1000 + logIndex),
            address: event.contract,
          }));
          const wanted = handlersOf(chainId).filter(
            (one) => sameAddress(one.address, event.contract) && one.on[event.event],
          );
          need(wanted[0], `handler of ${event.event}`);
          for (const { on } of wanted) await on[event.event]?.(tx, followed as never);
        }
        await sql`insert into chain.blocks (chain_id, number, hash, parent, timestamp)
          values (${chainId}, ${block.number}, ${block.hash}, ${hash(block.number - 1)}, ${block.timestamp})`.execute(
          tx,
        );
        await sql`insert into chain.cursors (chain_id, number, hash, undo_from)
          values (${chainId}, ${block.number}, ${block.hash}, 0)
          on conflict (chain_id) do update set number = excluded.number, hash = excluded.hash`.execute(tx);
      });
    },
    async undo(chainId, number) {
      await sql`select chain.undo_above(${chainId}, ${number})`.execute(store.db);
      await sql`delete from chain.blocks where chain_id = ${chainId} and number > ${number}`.execute(
        store.db,
      );
      headOf(chainId).number = number;
      await sql`update chain.cursors set number = ${number}, hash = ${hash(number)} where chain_id = ${chainId}`.execute(
        store.db,
      );
    },
    async close() {
      await store.close();
      await database.drop();
    },
  };
}

/** Seconds after a deadline, as the contracts of this ledger were built. */
export const TERMS = { GRACE_SECONDS: 100, ESCAPE_SECONDS: 200, RECLAIM_SECONDS: 300 };
const CONTRACTS = {
  readContract: async ({ functionName }: { functionName: string }) =>
    ({ ...TERMS, LONGEST_WINDOW: 604_800, ATTESTER_BPS: 2_000, symbol: "SUSD", decimals: 1 })[functionName],
  getTransactionReceipt: async () => ({ gasUsed: 100_000n, effectiveGasPrice: 7n }),
} as unknown as Chain["client"];

/** Consecutive logs of the same event. */
function runs(logs: readonly Event[]): [Event, { args: object; logIndex: number }[]][] {
  const found: [Event, { args: object; logIndex: number }[]][] = [];
  for (const [logIndex, log] of logs.entries()) {
    const last = found.at(-1);
    const same = last && last[0].event === log.event && last[0].contract === log.contract;
    if (same) last[1].push({ args: log.args, logIndex });
    else found.push([log, [{ args: log.args, logIndex }]]);
  }
  return found;
}

export const leg = (over: Partial<Leg> = {}): Leg => ({
  chainId: A,
  kind: "shared",
  target: person(9),
  value: 0n,
  gasLimit: 100_000,
  data: "0x12345678",
  ...STANDALONE,
  salt: hash(7),
  ...over,
});
/** A call on one rollup, one on the other that needs it, and what undoes the first. */
export const ORDERED: Leg[] = [
  leg(),
  leg({ chainId: B, needsOk: [0], conditions: [{ from: 0, source: 0, comparison: "at_least", value: 5n }] }),
  leg({ undoes: 0, needsSettled: [1] }),
];
const held = (chainId: number, payer: Address, recipient: Address): Leg =>
  leg({
    chainId,
    kind: "escrow",
    target: addresses.collateral,
    value: 100n,
    gasLimit: 0,
    data: `0x${"0".repeat(24)}${payer.slice(2)}${"0".repeat(24)}${recipient.slice(2)}`,
  });
export const ESCROWED: Leg[] = [held(A, person(1), person(2)), held(B, person(2), person(1))];

let salts = 0n;
export type Made = { id: Hex; bundle: Bundle; legs: Leg[]; base: bigint; opened: Event };
export function makeBundle(
  o: { legs?: Leg[]; mode?: Bundle["mode"]; deadline?: number; isPrivate?: boolean; owner?: Address } = {},
): Made {
  const legs = o.legs ?? ORDERED;
  salts += 1n;
  const bundle: Bundle = {
    owner: o.owner ?? person(1),
    mode: o.mode ?? "ordered",
    legs: legs.length,
    deadline: o.deadline ?? START + 1_000,
    legsHash: legsHashOf(legs.map(legHash)),
    fee: 3_000n,
    salt: salts,
  };
  const id = bundleId(HUB_AT, bundle);
  const base = salts * 40n;
  const opened = emitted.hub("Opened", {
    id,
    owner: bundle.owner,
    base,
    bundle: { ...bundle, mode: MODES.indexOf(bundle.mode) },
    legs: o.isPrivate ? "0x" : encodeLegs(legs),
  });
  return { id, bundle, legs, base, opened };
}
