import type { Address } from "@sooth/kernel";
import { type Executor, one, sql } from "@sooth/store";
import type { NewsKind } from "../../core/index.ts";

/** Up to when a wallet has read, unix seconds by the chain's clock, and the kinds that it does not want. */
export type ReadMark = { until: number; off: NewsKind[] };

export const readMark = async (db: Executor, wallet: Address): Promise<ReadMark> =>
  (await one<ReadMark>(db, sql`select until, off from markets.read_marks where wallet = ${wallet}`)) ?? {
    until: 0,
    off: [],
  };

/** Never back: what two windows tell, in whatever order, is the later of both. */
export const moveMark = (db: Executor, wallet: Address, until: number): Promise<unknown> =>
  sql`insert into markets.read_marks (wallet, until) values (${wallet}, ${until})
    on conflict (wallet) do update set until = greatest(markets.read_marks.until, excluded.until)`.execute(
    db,
  );

export const switchOff = (db: Executor, wallet: Address, off: readonly NewsKind[]): Promise<unknown> =>
  sql`insert into markets.read_marks (wallet, off) values (${wallet}, ${[...new Set(off)].toSorted()}::text[])
    on conflict (wallet) do update set off = excluded.off`.execute(db);
