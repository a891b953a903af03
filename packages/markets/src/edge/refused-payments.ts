import { type Address, type Amount, type Hex, takeBps } from "@sooth/kernel";
import { type Executor, rows, type Store, sql } from "@sooth/store";
import { claimKey, keyOfAttempt } from "../core/index.ts";
import { claimablePositions } from "./keeper.ts";
import { marketsByIds } from "./market-rows.ts";
import { feeKey, opinionClaimKey, prizeKey, sweepKey } from "./opinions/payment-keys.ts";
import { opinionMarketsByIds } from "./opinions/market-rows.ts";
import { claimableOwners, unpaidPrizes } from "./opinions/owing-rows.ts";
import { attemptsIn, grantAttempts } from "./payment-retries.ts";

/** A payment that failed by itself. Times are of this machine's clock, but for `againAt`. */
export type RefusedPayment = {
  /** Of the outbox, as of its first attempt. */
  key: string;
  market: Hex;
  of: "opinions" | "pools";
  what: "claim" | "prize" | "fee";
  owner: Address;
  /** Smallest units of the collateral; null where the contract alone works it out. */
  amount: Amount | null;
  attempts: number;
  failedAt: Date;
  /** As the contract or the collateral said it; null where neither did. */
  reason: string | null;
  /** Unix seconds of the chain's clock at which it is tried again; null: never, unless a person says so. */
  againAt: number | null;
};

type Payment = Pick<RefusedPayment, "key" | "market" | "of" | "what" | "owner" | "amount">;
type Aside = { market: Hex; again_at: number };

/** Payments of the markets that the keeper leaves alone, as far as they are open still: by market, the oldest failure first. */
export async function refusedPayments(db: Executor): Promise<RefusedPayment[]> {
  const aside = await rows<Aside>(db, sql`select market, again_at from markets.refused order by market`);
  const found: RefusedPayment[] = [];
  for (const one of aside) found.push(...(await refusedIn(db, one)));
  return found;
}

async function refusedIn(db: Executor, { market, again_at }: Aside): Promise<RefusedPayment[]> {
  const open = [...(await openOfPools(db, market)), ...(await openOfOpinions(db, market))];
  const attemptsOf = await attemptsIn(db, [market]);
  const keysOf = (key: string) =>
    Array.from({ length: attemptsOf(key) }, (_, index) => keyOfAttempt(key, index + 1));
  const tried = await triesOf(
    db,
    open.flatMap(({ key }) => keysOf(key)),
  );
  const found = open.flatMap((payment): RefusedPayment[] => {
    const keys = keysOf(payment.key);
    const its = keys.flatMap((key) => tried.get(key) ?? []);
    const last = its.at(-1);
    // One that is under way, or was never tried alone, is nobody's concern yet.
    if (!last || its.some(({ status }) => status !== "failed")) return [];
    return [
      {
        ...payment,
        attempts: its.length,
        failedAt: last.changed_at,
        reason: last.error_name === null ? last.refused : `${last.error_name}: ${last.error_text}`,
        againAt: its.length < keys.length ? again_at : null,
      },
    ];
  });
  return found.toSorted((a, b) => a.failedAt.getTime() - b.failedAt.getTime());
}

type Tried = {
  key: string;
  status: string;
  changed_at: Date;
  error_name: string | null;
  error_text: string | null;
  refused: string | null;
};

async function triesOf(db: Executor, keys: readonly string[]): Promise<Map<string, Tried>> {
  const found = await rows<Tried>(
    db,
    sql`select key, status, changed_at, error_name, error_text, refused from chain.outbox where key = any(${[...keys]})`,
  );
  return new Map(found.map((one) => [one.key, one]));
}

/** Each payment of a market of opinions that is open still, by the key under which it is sent alone. */
async function openOfOpinions(db: Executor, id: Hex): Promise<Payment[]> {
  const market = (await opinionMarketsByIds(db, [id])).get(id);
  const owners = await claimableOwners(db, [id]);
  const its = { market: id, of: "opinions" } as const;
  const claims = owners
    .filter(({ due }) => due > 0n)
    .map(({ owner, due }): Payment => {
      const key = opinionClaimKey(
        market?.ending ?? "void",
        claimKey(id, [{ owner, outcome: 0, claimed: false }]),
      );
      return { ...its, key, what: "claim", owner, amount: due };
    });
  if (!market) return claims;
  const prizes = (await unpaidPrizes(db, [id])).flatMap(({ prize, winner, amount }): Payment[] =>
    [prizeKey(id, prize), sweepKey(id, prize)].map((key) => ({
      ...its,
      key,
      what: "prize",
      owner: winner,
      amount,
    })),
  );
  const { feePaid, result, ending, terms } = market;
  const isFeeOpen = !feePaid && result !== null && ending !== "void";
  const fee = isFeeOpen ? takeBps(result.total, terms.feeBps) : (0n as Amount);
  const fees: Payment[] =
    fee === 0n ? [] : [{ ...its, key: feeKey(id), what: "fee", owner: terms.creator, amount: fee }];
  return [...claims, ...prizes, ...fees];
}

async function openOfPools(db: Executor, id: Hex): Promise<Payment[]> {
  const market = (await marketsByIds(db, [id])).get(id);
  if (!market) return [];
  const its = { market: id, of: "pools" } as const;
  const positions = (await claimablePositions(db, [market])).get(id) ?? [];
  const claims = positions
    .filter(({ claimed }) => !claimed)
    .map((one): Payment => ({
      ...its,
      key: claimKey(id, [one]),
      what: "claim",
      owner: one.owner,
      amount: null,
    }));
  if (market.feeDue === null) return claims;
  const { creator } = market.terms;
  return [
    ...claims,
    { ...its, key: `markets:fee:${id}`, what: "fee", owner: creator, amount: market.feeDue },
  ];
}

/**
 * Has these payments tried again with the next block: one that was given up gets as many attempts as it had. What was paid
 * meanwhile is not paid twice: the keeper looks at what is open still, and so does the contract. Doing it twice with the same list, or
 * two people at once, grants nothing more.
 */
export const retryPayments = (store: Store, payments: readonly RefusedPayment[]): Promise<void> =>
  store.transaction(async (tx) => {
    for (const { key, market, againAt, attempts } of payments) {
      if (againAt === null) await grantAttempts(tx, { key, market, used: attempts });
      await sql`update markets.refused set again_at = 0 where market = ${market}`.execute(tx);
    }
  });
