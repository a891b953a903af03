import type { Hex } from "@sooth/kernel";
import { type Ledger, openLedger } from "@sooth/oracle";
import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";

/** More than are judged at a time. */
const MOST_HELD = 200;
/** A market is over long before: half a year after something was last spent on it nobody asks for its budget. */
const KEPT_MS = 180 * 86_400_000;
const FILE = /^analyst-[0-9a-f]{16}\.ledger$/;

/** `open`: reservations that are not settled. */
type Held = { ledger: Promise<Ledger>; open: number };

/**
 * One ledger a market, which has one budget for as long as it lasts: no day ends it. In memory are those in use and the last few;
 * any other is read again from its file. Files of markets that are long over are removed first.
 */
export function openMarketLedgers(o: {
  folder: string;
  cap: bigint;
  mostHeld?: number;
}): (market: Hex) => Promise<Ledger> {
  removeOld(o.folder);
  const held = new Map<Hex, Held>();
  const mostHeld = o.mostHeld ?? MOST_HELD;

  /** Two ledgers of one file would each think that the whole budget is theirs: while one has open reservations it stays. */
  const hold = (market: Hex): Held => {
    const known = held.get(market);
    const one = known ?? { ledger: openOne(o, market), open: 0 };
    held.delete(market);
    held.set(market, one);
    if (!known) one.ledger.catch(() => held.delete(market));
    for (const [other, { open }] of held) {
      if (held.size <= mostHeld) break;
      if (open === 0 && other !== market) held.delete(other);
    }
    return one;
  };
  return async (market) => {
    let last = await hold(market).ledger;
    const using = async <T>(act: (ledger: Ledger) => Promise<T>): Promise<T> => {
      const one = hold(market);
      one.open += 1;
      try {
        last = await one.ledger;
        return await act(last);
      } finally {
        one.open -= 1;
      }
    };
    return {
      reserve: (amount) =>
        using(async (ledger) => {
          const reservation = await ledger.reserve(amount);
          if (reservation) hold(market).open += 1;
          return reservation;
        }),
      settle: async (reservation, actual) => {
        await using((ledger) => ledger.settle(reservation, actual));
        hold(market).open -= 1;
      },
      spentToday: () => last.spentToday(),
    };
  };
}

const openOne = ({ folder, cap }: { folder: string; cap: bigint }, market: Hex): Promise<Ledger> =>
  openLedger({
    file: path.join(folder, `analyst-${market.slice(2, 18)}.ledger`),
    capPerDay: cap,
    now: () => 0,
  });

function removeOld(folder: string): void {
  const before = Date.now() - KEPT_MS;
  for (const name of readdirSync(folder)) {
    if (!FILE.test(name)) continue;
    const file = path.join(folder, name);
    if (statSync(file).mtimeMs < before) rmSync(file, { force: true });
  }
}
