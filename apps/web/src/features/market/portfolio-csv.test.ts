import { expect, test } from "vitest";
import type { Portfolio } from "../../api.ts";
import { type HeldOpinion, portfolioCsv } from "./portfolio-csv.ts";

type Some = { state?: string; claimable?: string; opinions?: readonly unknown[] };
const csv = (
  title: string,
  staked = "1234500000",
  { state = "open", claimable = "0", opinions = [] }: Some = {},
) =>
  portfolioCsv(
    {
      positions: [
        {
          market: { id: "0xab", title, terms: { closesAt: 1_800_000_000 } },
          label: "Yes",
          state,
          staked,
          claimable,
          claimed: "0",
          wouldPay: "2000000001",
        },
      ],
    } as unknown as Portfolio,
    opinions as readonly HeldOpinion[],
    { decimals: 6, symbol: "tUSD" },
  );

const HEAD =
  "kind,market,title,said,state,closes,staked tUSD,claimable tUSD,claimed tUSD,prizes tUSD,would pay tUSD,profit tUSD\r\n";

test("a line a position, amounts exact and without marks between thousands", () => {
  expect(csv("Rain?")).toBe(
    `${HEAD}pool,0xab,Rain?,Yes,open,2027-01-15T08:00:00.000Z,1234.5,0,0,,2000.000001,\r\n`,
  );
  // A loss is a number, and no formula.
  expect(csv("Rain?", "1500001", { state: "lost" })).toMatch(/,2000\.000001,-1\.500001\r\n$/);
  expect(csv("Rain?", "1500000", { state: "won", claimable: "4000000" })).toMatch(/,2\.5\r\n$/);
});

const opinion = (status: string, stance: number | null) => ({
  on: { id: "0xcd", statement: "Close it", status, terms: { closesAt: 1_800_000_000 } },
  stance,
  amount: "10000000",
  due: "0",
  paid: "6000000",
  won: "5000001",
});

test("a line an opinion, with its prizes, and its profit once the market has ended", () => {
  const text = csv("Rain?", "1", { opinions: [opinion("settled", 85), opinion("open", null)] });
  expect(text.split("\r\n").slice(2, 4)).toEqual([
    "opinion,0xcd,Close it,85,settled,2027-01-15T08:00:00.000Z,10,0,6,5.000001,,1.000001",
    "opinion,0xcd,Close it,hidden,open,2027-01-15T08:00:00.000Z,10,0,6,5.000001,,",
  ]);
});

test("commas, quotes and line ends stay inside their cell", () => {
  expect(csv('He said "yes", then\nno')).toContain('"He said ""yes"", then\nno"');
});

test.each(["=1+1", "+cmd", "@x", "-2+3"])("%s is no formula", (title) => {
  expect(csv(title)).toContain(`,'${title},`);
});
