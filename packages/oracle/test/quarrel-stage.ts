import type { Addresses, BlockRef, Chain } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { rows, sql, type Store } from "@sooth/store";
import { toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { ApiDeps } from "../src/edge/deps.ts";
import { sweepDisputes } from "../src/edge/dispute-sweep.ts";
import { momentOf } from "../src/edge/dispute-view.ts";
import { pausesOf } from "../src/edge/disputes.ts";
import { oracleStore } from "./database.ts";
import { addresses, answer, ask, asked, boolSchema, CHAIN_ID, clock, happen, joinAll } from "./people.ts";
import { DISPUTER, object, takeJurors, timeOf, WINDOWS } from "./quarrel.ts";

/** What disputes and juries are told in. */
export const TABLES =
  `questions reopenings providers signers epochs rosters seats credits reports evidence disputes dispute_steps
  dispute_stakes dispute_awards juror_sets jurors seeds juries jury_posts jury_own_commits juror_faults slashes named_faults
  shown_equivocations slash_credits pauses trips domain_pauses clarifications vetoes commitments openings batches
  juror_equivocations`.split(/\s+/);

export const question = asked(boolSchema());
export const jurors = Array.from({ length: 12 }, (_, n) =>
  privateKeyToAccount(toHex(1_001 + n, { size: 32 })),
);
export const juror = (n: number) => at(jurors, n);
/** A chain that tells the time, and the windows that its contracts were built with. */
const CONSTANTS: Record<string, unknown> = {
  REREPORT_SECONDS: WINDOWS.ladder.rereport,
  APPEAL_SECONDS: WINDOWS.ladder.appeal,
  EVIDENCE_SECONDS: WINDOWS.court.evidence,
  COMMIT_SECONDS: WINDOWS.court.commit,
  REVEAL_SECONDS: WINDOWS.court.reveal,
  UNIT: 1_000_000n,
  SEASONING_SECONDS: 60,
  SNAPSHOT_SECONDS: 1_000_000_000,
  MIN_STAKE: 1n,
  START_FACTOR_BPS: 10_000,
  UNBONDING_SECONDS: 86_400,
  LOWEST_WINDOW: 5,
  MAX_LIVENESS: 172_800,
  MAX_QUESTION_SECONDS: 1_000,
  EPOCH_SECONDS: 1_000_000,
};
export const SEED: Hex = `0x${"5e".repeat(32)}`;

/** A store of a test file's own, emptied before each test, and what the files about disputes do with it. */
export function quarrelStage() {
  let store: Store;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    ({ store, drop } = await oracleStore());
  });
  afterAll(() => drop());
  beforeEach(async () => {
    for (const table of [...TABLES.map((name) => `oracle.${name}`), "chain.outbox"])
      await sql`truncate ${sql.ref(table)} cascade`.execute(store.db);
  });
  function depsAt(now: number): ApiDeps & { addresses: Addresses } {
    const { chain } = clock(now);
    const client = {
      readContract: async ({ functionName }: { functionName: string }) =>
        need(CONSTANTS[functionName], functionName),
    };
    const hub = { ...chain, client } as unknown as Chain;
    const config = {
      ORACLE_MIN_PROVIDERS: 4,
      ORACLE_MIN_REWARD: 0n,
      ORACLE_RESOLVE_DEPOSIT: 0n,
    } as ApiDeps["config"];
    return { store, hub, addresses, config, log: logger("test") };
  }
  const sweepAt = async (now: number) => {
    await sweepDisputes(depsAt(now), {
      chainId: CHAIN_ID,
      number: 1,
      timestamp: now,
      hash: "0x00",
    } as BlockRef);
    return outbox();
  };
  const outbox = async () =>
    (await rows<{ key: string }>(store.db, sql`select key from chain.outbox order by id`)).map(
      ({ key }) => key,
    );
  const moment = async (now: number) =>
    momentOf(now, await pausesOf(store.db), { ...WINDOWS, unit: 1_000_000n });

  /** Answered by three of four in block 2, objected to in block 10. */
  async function quarrel(): Promise<Hex> {
    await joinAll(store.db);
    await takeJurors(
      store.db,
      jurors.map(({ address }) => address),
    );
    await ask(store.db, question);
    await answer(store.db, question, { value: 0n, finalizeAt: timeOf(1_200) });
    await happen(store.db, "oracle", "Credited", { account: DISPUTER, amount: 300_000_000n });
    return object(store.db, question, 10);
  }
  const prove = () => happen(store.db, "beacon", "Proved", { at: 121, round: 77n, seed: SEED });
  return {
    get store() {
      return store;
    },
    depsAt,
    sweepAt,
    moment,
    quarrel,
    prove,
  };
}
