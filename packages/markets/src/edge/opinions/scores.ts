import { type Address, type Amount, type Hex, need } from "@sooth/kernel";
import { questionById, type ReadFrom, readFrom } from "@sooth/oracle";
import type { Executor } from "@sooth/store";
import type { z } from "zod";
import {
  cidOf,
  type Ended,
  type LabelSheet,
  type scoredOpinionPage,
  sharesOf,
  weighingOf,
  weightOfAll,
  type wireOpinionLabel,
  type wireScoreSheet,
} from "../../core/index.ts";
import type { StoredOpinionMarket } from "./market-rows.ts";
import { type OpinionFilter, opinionsOf } from "./opinion-rows.ts";
import type { ReadSheet, SheetReader } from "./sheet-reader.ts";

type OpinionLabel = z.infer<typeof wireOpinionLabel>;
export type NamedSheet = { sha256: Hex; reports: ReadFrom[]; read: ReadSheet };

/**
 * What was said of each opinion of a market, by whom, and what it comes to for its owner: labels of the sheets that evidence names,
 * a page of opinions at a time. Labels are told once evidence is, weights once the market has a score. @throws markets.bad_cursor
 */
export async function scoresOf(
  db: Executor,
  market: StoredOpinionMarket,
  filter: OpinionFilter,
  { now, readSheetOf }: { now: number; readSheetOf: SheetReader },
): Promise<z.input<typeof scoredOpinionPage>> {
  const [{ items, next }, sheets] = await Promise.all([
    opinionsOf(db, market.id, filter),
    sheetsOf(db, market, { now, readSheetOf }),
  ]);
  const ended = endedOf(market);
  const { tally, shares } = ended;
  const owners = new Set(items.map(({ owner }) => owner.toLowerCase()));
  const labels = labelsByOwner(sheets, owners);
  return {
    market: market.id,
    score: tally?.score ?? null,
    weightOfAll: tally && String(weightOfAll(shares.rule, tally)),
    sheets: sheets.map(sheetToWire),
    items: items.map(({ owner, number, band, stance, amount, opinion, due, paid, won }) => {
      const weighing = weighingOf({ band, amount: BigInt(amount) as Amount }, ended);
      return {
        owner,
        number,
        band,
        stance,
        amount,
        opinion,
        due,
        paid,
        won,
        weight: weighing && String(weighing.weight),
        share: weighing && weighing.share,
        pays: weighing && String(weighing.pays),
        labels: labels.get(owner.toLowerCase() as Address) ?? [],
      };
    }),
    next,
  };
}

/** Each sheet that evidence names, once, with the reports that name it. */
export async function sheetsOf(
  db: Executor,
  { id, terms }: StoredOpinionMarket,
  { now, readSheetOf }: { now: number; readSheetOf: SheetReader },
): Promise<NamedSheet[]> {
  const question = need(await questionById(db, terms.question), `question of market ${id}`);
  const reports = await readFrom(db, question, "opinions", now);
  const found: NamedSheet[] = [];
  // One after the other: each may be of megabytes.
  for (const [sha256, its] of Map.groupBy(reports, (report) => report.sha256))
    if (sha256 !== null) found.push({ sha256, reports: its, read: await readSheetOf(id, sha256) });
  return found;
}

function endedOf({ ending, terms, result, book }: StoredOpinionMarket): Ended {
  const tally = ending === "void" ? null : result;
  return { ending, shares: sharesOf(terms), tally, untold: book.hidden };
}

function labelsByOwner(
  sheets: readonly NamedSheet[],
  owners: ReadonlySet<string>,
): Map<Address, OpinionLabel[]> {
  const byOwner = new Map<Address, OpinionLabel[]>();
  for (const { sha256, read } of sheets) {
    if (!("sheet" in read)) continue;
    const staked = new Map(read.sheet.positions.map((one) => [one.owner.toLowerCase(), BigInt(one.staked)]));
    for (const { analyst, family, labels } of read.sheet.analysts)
      for (const { owner, ...label } of labels) {
        const key = owner.toLowerCase() as Address;
        if (!owners.has(key)) continue;
        const weight = label.keep ? (staked.get(key) ?? 0n) * BigInt(label.quality) : 0n;
        const all = byOwner.get(key) ?? [];
        all.push({ ...label, cid: cidOf(sha256), analyst, family, weight: String(weight) });
        byOwner.set(key, all);
      }
  }
  return byOwner;
}

const sheetToWire = ({ sha256, reports, read }: NamedSheet): z.input<typeof wireScoreSheet> => ({
  cid: cidOf(sha256),
  sha256,
  reports: reports.map(({ provider, signer, weight, round, counted }) => ({
    provider,
    signer,
    weight: String(weight),
    round,
    counted,
  })),
  complaint: "complaint" in read ? read.complaint : null,
  comes: "sheet" in read ? outcomeOf(read.sheet) : null,
});

const outcomeOf = ({ root, score, confidence, spreadBps, families, analysts, rest }: LabelSheet) => ({
  root,
  score,
  confidence,
  spreadBps,
  families,
  analysts: analysts.map(({ analyst, family, model, prompt }) => ({ analyst, family, model, prompt })),
  leftOut: rest?.opinions ?? 0,
});
