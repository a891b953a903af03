import { need } from "@sooth/kernel";
import { columns } from "../../bench/table.ts";
import { money } from "../cast.ts";
import type { OpenedOpinions } from "./cast.ts";
import { clip, labelledMean } from "./plan.ts";
import type { Reckoned } from "./reckon.ts";
import type { OpinionResult } from "./run-opinions.ts";

const reckonedOf = ({ audit }: OpinionResult, { market, key }: OpenedOpinions): Reckoned =>
  need(
    audit.markets.find((one) => one.market === market),
    `market ${key} in the logs`,
  );
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);
const paidBy = ({ positions, prizes }: Reckoned) => ({
  staked: sum(positions.map(({ amount }) => amount)),
  paid: sum(positions.map(({ paid }) => paid ?? 0n)),
  drawn: sum(prizes.filter(({ paidTo }) => paidTo !== null).map(({ amount }) => amount)),
});

/** A table of the markets and the verdict, for people. */
export function opinionsText(result: OpinionResult): string {
  const { opened, audit, kills, killsAmid, seconds } = result;
  const rows = opened.map((market) => {
    const found = reckonedOf(result, market);
    const { staked, paid, drawn } = paidBy(found);
    return [
      market.key,
      clip(market.planned.statement, 44),
      found.score === null ? found.ending : String(found.score),
      labelledMean(market.planned).toFixed(1),
      String(found.positions.length),
      market.planned.rule,
      ...[staked, paid, drawn, found.feePaid ?? 0n, found.held].map(money),
    ];
  });
  const head = [
    "market",
    "statement",
    "score",
    "people say",
    "opinions",
    "rule",
    "staked",
    "paid",
    "drawn",
    "fee",
    "dust",
  ];
  const positions = audit.markets.reduce((all, one) => all + one.positions.length, 0);
  const verdict =
    audit.differences.length === 0
      ? [`RECONCILED: ${positions} opinions, every pay-out right to the unit.`]
      : [`${audit.differences.length} DIFFERENCES:`, ...audit.differences.map((text) => `  ${text}`)];
  return [
    "",
    columns([head, ...rows], [2, 3, 4, 6, 7, 8, 9, 10]),
    "",
    "score: what the analysts' labels come to, by stake and quality; people say: the mean of the file's own labels by stake",
    `${audit.logs} logs read, ${audit.sheets} label sheets worked out again`,
    ...(kills > 0
      ? [
          `the server or the providers were killed with -9 ${kills} times, ${killsAmid} of them with something left to answer or to pay`,
        ]
      : []),
    ...verdict,
    `${seconds.toFixed(1)} s`,
  ].join("\n");
}

/** The same for machines. Amounts are decimal strings in the collateral's smallest unit. */
export function opinionsJson(result: OpinionResult): unknown {
  const { opened, audit, kills, killsAmid, seconds } = result;
  return {
    reconciled: audit.differences.length === 0,
    differences: audit.differences,
    markets: opened.map((market) => {
      const found = reckonedOf(result, market);
      const { staked, paid, drawn } = paidBy(found);
      return {
        key: market.key,
        statement: market.planned.statement,
        market: market.market,
        question: market.question,
        ending: found.ending,
        score: found.score,
        labelled: Number(labelledMean(market.planned).toFixed(2)),
        rule: market.planned.rule,
        round: String(found.round),
        opinions: found.positions.length,
        staked: String(staked),
        paid: String(paid),
        drawn: String(drawn),
        fee: String(found.feePaid ?? 0n),
        dust: String(found.held),
      };
    }),
    payouts: opened.flatMap((market) =>
      reckonedOf(result, market).positions.map(({ owner, band, amount, due, paid }) => ({
        market: market.key,
        owner,
        band,
        staked: String(amount),
        due: due === null ? null : String(due),
        paid: paid === null ? null : String(paid),
      })),
    ),
    prizes: opened.flatMap((market) =>
      reckonedOf(result, market).prizes.map(({ prize, winner, amount }) => ({
        market: market.key,
        prize,
        winner,
        amount: String(amount),
      })),
    ),
    logs: audit.logs,
    sheets: audit.sheets,
    kills,
    killsAmid,
    durationSeconds: Number(seconds.toFixed(2)),
  };
}
