import { expect, test } from "vitest";
import type { Portfolio } from "../../api.ts";
import { portfolioCsv } from "./portfolio-csv.ts";

const csv = (title: string, staked = "1234500000") =>
  portfolioCsv(
    {
      positions: [
        {
          market: { id: "0xab", title },
          label: "Yes",
          state: "open",
          staked,
          claimable: "0",
          claimed: "0",
          wouldPay: "2000000001",
        },
      ],
    } as unknown as Portfolio,
    { decimals: 6, symbol: "tUSD" },
  );

test("a line a position, amounts exact and without marks between thousands", () => {
  expect(csv("Rain?")).toBe(
    "market,title,outcome,state,staked tUSD,claimable tUSD,claimed tUSD,would pay tUSD\r\n" +
      "0xab,Rain?,Yes,open,1234.5,0,0,2000.000001\r\n",
  );
});

test("commas, quotes and line ends stay inside their cell", () => {
  expect(csv('He said "yes", then\nno')).toContain('"He said ""yes"", then\nno"');
});

test.each(["=1+1", "+cmd", "@x", "-2+3"])("%s is no formula", (title) => {
  expect(csv(title)).toContain(`,'${title},`);
});
