import type { BlockRef, Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { type Executor, sql, type Store } from "@sooth/store";
import { schemaText, termsToChain } from "../src/core/index.ts";
import { monitor } from "../src/edge/security/monitor.ts";
import { addresses, type Asked, CHAIN_ID, happen, OPENS } from "./people.ts";

/** Block number of a second, as `happen` counts time. */
export const blockOf = (second: number): number => second - OPENS + 1_000;

/** A chain that knows fees and who sent collateral to whom, and nothing else. */
export type Nature = { fee?: (block: number) => bigint; sender?: (owner: string) => string | undefined };
export const natureOf = ({ fee = () => 7n, sender = () => undefined }: Nature = {}): Chain =>
  ({
    definition: { id: CHAIN_ID, finality: { confirmations: 10 }, blockSeconds: 1 },
    now: async () => OPENS,
    client: {
      getBlock: async ({ blockNumber }: { blockNumber: bigint }) => ({
        baseFeePerGas: fee(Number(blockNumber)),
      }),
      getContractEvents: async ({ args }: { args: { to: string } }) => {
        const from = sender(args.to);
        return from === undefined ? [] : [{ args: { from } }];
      },
    },
  }) as unknown as Chain;

/** Lets the monitor look once at `second`. */
export function look(store: Store, second: number, nature: Nature = {}): Promise<void> {
  const head: BlockRef = { chainId: CHAIN_ID, number: blockOf(second), timestamp: second, hash: "0x00" };
  const config = { ORACLE_MONITOR_SECONDS: 1, ORACLE_SCAN_SECONDS: 1, ORACLE_WATCHERS: [] };
  const deps = { store, hub: natureOf(nature), addresses, log: logger("test"), config };
  return monitor(deps, head);
}

export const ownerNumber = (index: number): Hex => `0x${(0xc0_00 + index).toString(16).padStart(40, "0")}`;
export const signerNumber = (index: number): Hex => `0x${(0x51_00 + index).toString(16).padStart(40, "0")}`;

/** `said`: by owner number; `answer` became final at `finalAt`. */
export type Finished = Asked & {
  finalAt: number;
  answer: bigint;
  said: readonly (readonly [number, bigint])[];
};

/** Questions that were asked, reported on and answered a minute before their finality, through the handlers and as reports lie in the table. */
export async function finish(tx: Executor, questions: readonly Finished[]): Promise<void> {
  const owners = [...new Set(questions.flatMap(({ said }) => said.map(([owner]) => owner)))];
  await sql`insert into oracle.signers (signer, owner)
    select * from unnest(${owners.map(signerNumber)}::text[], ${owners.map(ownerNumber)}::text[])
    on conflict do nothing`.execute(tx);
  await happen(
    tx,
    "oracle",
    "Asked",
    ...questions.map(({ id, terms, schema }) => ({
      question: id,
      asker: terms.asker,
      terms: termsToChain(terms),
      schema: schemaText(schema),
    })),
  );
  await sql`update oracle.questions q set state = 'answered', value = a.value, finalize_at = a.final_at,
      answered_at = a.final_at - 60, answered_block = 1, answered_log = 0, answered_tx = '0x', confidence = 7500, seats = 7,
      epoch = 1, report = '0x'
    from unnest(${questions.map(({ id }) => id)}::text[], ${questions.map(({ answer }) => String(answer))}::numeric[],
      ${questions.map(({ finalAt }) => finalAt)}::bigint[]) as a (id, value, final_at) where q.id = a.id`.execute(
    tx,
  );
  // Everybody at his own moment: whoever came just after another would look like one who copies.
  const reports = questions.flatMap(({ id, finalAt, said }, index) =>
    said.map(([owner, value]) => ({
      id,
      at: finalAt - 900 + ((owner * 7_919 + index * 104_729) % 800),
      owner,
      value,
    })),
  );
  await sql`insert into oracle.reports
    select id, 0, 1, signer, 0, 1000, value, '0x', '0x', '0x', at from unnest(
      ${reports.map(({ id }) => id)}::text[], ${reports.map(({ owner }) => signerNumber(owner))}::text[],
      ${reports.map(({ value }) => String(value))}::numeric[], ${reports.map(({ at }) => at)}::bigint[])
      as r (id, signer, value, at)`.execute(tx);
}
