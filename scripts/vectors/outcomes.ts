import { randomNumbers, times, write } from "./cases.ts";

// What two orders on outcome tokens exchange, what yes is worth, and what is paid for it. Who meets whom is a table here, money is
// reckoned from whole tokens and their rest, and the share of an answer is found by trying basis points.

const ONE = 1_000_000n;
const SIDES = ["buyYes", "buyNo", "sellYes", "sellNo"];
const MEETS: Record<string, "trade" | "mint" | "merge"> = {
  "buyYes sellYes": "trade",
  "sellYes buyYes": "trade",
  "buyNo sellNo": "trade",
  "sellNo buyNo": "trade",
  "buyYes buyNo": "mint",
  "buyNo buyYes": "mint",
  "sellYes sellNo": "merge",
  "sellNo sellYes": "merge",
};

type Order = { side: number; price: bigint };

/** `amount` tokens at `price`, as whole units of money below and above. */
function money(amount: bigint, price: bigint): { down: bigint; up: bigint } {
  const [whole, rest] = [amount / ONE, amount % ONE];
  const down = whole * price + (rest * price) / ONE;
  return { down, up: (rest * price) % ONE === 0n ? down : down + 1n };
}

function matched(taker: Order, maker: Order, amount: bigint) {
  const does = MEETS[`${SIDES[taker.side]} ${SIDES[maker.side]}`];
  const [takerBuys, makerBuys] = [taker.side < 2, maker.side < 2];
  const none = { price: "0", takers: "0", makers: "0" };
  if (!does) return { does: "refuse", why: "no_match", ...none };
  const price = does === "trade" ? maker.price : ONE - maker.price;
  const gap = takerBuys ? taker.price - price : price - taker.price;
  if (gap < 0n) return { does: "refuse", why: "prices_do_not_meet", ...none };
  const exact = money(amount, maker.price);
  const makers = makerBuys ? exact.down : exact.up;
  const takers = does === "trade" ? makers : amount - makers;
  const own = money(amount, taker.price);
  if (takerBuys ? takers > own.down : takers < own.up)
    return {
      does: "refuse",
      why: "rounds_beyond_price",
      price: String(price),
      takers: String(takers),
      makers: "0",
    };
  return { does, why: "", price: String(price), takers: String(takers), makers: String(makers) };
}

/** The largest share whose part of the way from `min` to `max` the answer has come. */
function shareOf(value: bigint, min: bigint, max: bigint): number {
  let share = 0;
  while (share < 10_000 && (max - min) * BigInt(share + 1) <= (value - min) * 10_000n) share += 1;
  return share;
}

export function outcomes(): void {
  const random = randomNumbers(63n);
  const some = <T>(values: readonly T[]): T => values[Number(random(BigInt(values.length)))] as T;
  const matches = times(160, (index) => {
    const [takes, makes] = [index % 4, (index >> 2) % 4];
    const makerPrice =
      index < 48 ? 1n + random(ONE - 1n) : some([1n, 2n, 499_999n, 500_000n, 999_998n, 999_999n]);
    const isTrade = takes % 2 === makes % 2;
    const at = isTrade ? makerPrice : ONE - makerPrice;
    // Around the price at which they just meet; in some cases far better, so that they do.
    const better = some([-1n, 0n, 0n, 1n, 1n, 200_000n]);
    const offered = takes < 2 ? at + better : at - better;
    const price = offered < 1n ? 1n : offered >= ONE ? ONE - 1n : offered;
    const amount = some([10_000n, 10_001n, ONE, 7n * ONE + 1n, 10_000n + random(400_000n * ONE)]);
    const [taker, maker] = [
      { side: takes, price },
      { side: makes, price: makerPrice },
    ];
    const orders = { takerPrice: String(price), makerPrice: String(makerPrice), amount: String(amount) };
    return { taker: takes, maker: makes, ...orders, ...matched(taker, maker, amount) };
  });
  const most = (1n << 94n) - 1n;
  const shares = times(40, (index) => {
    const min = index === 0 ? -most : index % 5 === 0 ? 0n : random(2_000_000n) - 1_000_000n;
    const max =
      index === 0 ? most : index % 5 === 0 ? 1n : min + 1n + random(index % 2 === 0 ? 9n : 10n ** 12n);
    const width = max - min;
    const inside = min + random(width + 1n);
    const value =
      [inside, min, max, min - 1n - random(9n), max + 1n + random(9n), inside, inside, inside][index % 8] ??
      min;
    const held = value < min ? min : value > max ? max : value;
    return { min: String(min), max: String(max), value: String(value), yesBps: shareOf(held, min, max) };
  });
  const redemptions = times(40, (index) => {
    const yesBps = [0, 5_000, 10_000, 1, 9_999][index] ?? Number(random(10_001n));
    const [yes, no] = [
      index % 7 === 5 ? 0n : random(10n ** 11n),
      index % 7 === 6 ? 0n : 1n + random(10n ** 11n),
    ];
    const [share, rest] = [BigInt(yesBps), 10_000n - BigInt(yesBps)];
    const parts = (yes % 10_000n) * share + (no % 10_000n) * rest;
    const pays = (yes / 10_000n) * share + (no / 10_000n) * rest + (parts - (parts % 10_000n)) / 10_000n;
    return { yes: String(yes), no: String(no), yesBps, pays: String(pays) };
  });
  write("outcomes.json", { matches, shares, redemptions });
}
