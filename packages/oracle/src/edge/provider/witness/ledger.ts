import { open, readFile, rename } from "node:fs/promises";
import { need } from "@sooth/kernel";
import { z } from "zod";
import { type Budget, OracleError, reserve, settle } from "../../../core/index.ts";

const stored = z.object({ day: z.number().int(), spent: z.string().regex(/^\d{1,30}$/) });

export type Reservation = {
  day: number;
  amount: bigint;
  /** Of a reservation in two ledgers. */
  parts?: readonly [Reservation, Reservation];
};

/** What calls of a paid service may cost in a day. A crash between two steps leaves the reservation spent. */
export type Ledger = {
  /** Sets the most that a call can cost aside; null when the day's cap does not hold it. Returns once it is on disk. */
  reserve(amount: bigint): Promise<Reservation | null>;
  settle(reservation: Reservation, actual: bigint): Promise<void>;
  spentToday(): bigint;
};

const SECONDS_A_DAY = 86_400;

/**
 * Opens the ledger of one key; without a file it lives in memory, and a restart starts the day anew. `now` is this
 * machine's clock in unix seconds, as bills are. Amounts in billionths of a US dollar. @throws oracle.bad_ledger
 */
export async function openLedger(o: {
  file: string | undefined;
  capPerDay: bigint;
  now: () => number;
}): Promise<Ledger> {
  const today = () => Math.floor(o.now() / SECONDS_A_DAY);
  let budget: Budget = o.file === undefined ? { day: today(), spent: 0n } : await read(o.file, today());
  let last: Promise<void> = Promise.resolve();
  const keep = (next: Budget): Promise<void> => {
    budget = next;
    const { file } = o;
    if (file === undefined) return Promise.resolve();
    // One after the other, each with what is known then; a write that failed does not stop the next.
    last = last.catch(() => undefined).then(() => write(file, budget));
    return last;
  };
  return {
    reserve: async (amount) => {
      const day = today();
      const next = reserve(budget, day, amount, o.capPerDay);
      if (next === null) return null;
      await keep(next);
      return { day, amount };
    },
    settle: ({ day, amount }, actual) => keep(settle(budget, day, amount, actual)),
    spentToday: () => (budget.day === today() ? budget.spent : 0n),
  };
}

/** Both must hold what is set aside, as a day's cap and a market's: in both, or in neither. */
export const bothLedgers = (first: Ledger, second: Ledger): Ledger => ({
  reserve: async (amount) => {
    const one = await first.reserve(amount);
    if (one === null) return null;
    const other = await second.reserve(amount);
    if (other !== null) return { day: one.day, amount, parts: [one, other] };
    await first.settle(one, 0n);
    return null;
  },
  settle: async ({ parts }, actual) => {
    const [one, other] = need(parts, "a reservation in both ledgers");
    await first.settle(one, actual);
    await second.settle(other, actual);
  },
  spentToday: () => first.spentToday(),
});

async function read(file: string, today: number): Promise<Budget> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { day: today, spent: 0n };
    throw error;
  }
  try {
    const { day, spent } = stored.parse(JSON.parse(text));
    return { day, spent: BigInt(spent) };
  } catch (cause) {
    // Starting at zero would let a crash pay twice the cap: a person must look.
    throw OracleError.bad_ledger({ file }, { cause });
  }
}

/** All or nothing. */
async function write(file: string, { day, spent }: Budget): Promise<void> {
  const fresh = `${file}.new`;
  const handle = await open(fresh, "w", 0o600);
  try {
    await handle.writeFile(JSON.stringify({ day, spent: String(spent) }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}
