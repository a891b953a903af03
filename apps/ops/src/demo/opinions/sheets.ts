import { canonicalJson, type Hex, sameAddress } from "@sooth/kernel";
import { type LabelSheet, readSheet, textHash } from "@sooth/markets/core";
import { readEvidence } from "@sooth/oracle/core";
import { z } from "zod";
import { wireQuestionDetail } from "../wire.ts";
import type { OpinionCast } from "./cast.ts";
import type { Reckoned } from "./reckon.ts";

/**
 * Reads the labels behind every report that an answer rests on, by their hashes, and works the score out from them again: it must
 * be what the provider signed, and its positions those of the logs.
 */
export async function wrongSheets(
  cast: OpinionCast,
  markets: readonly Reckoned[],
): Promise<{ read: number; wrong: string[] }> {
  const wrong: string[] = [];
  let read = 0;
  for (const market of markets) {
    const { reports, round } = await cast.api.get(`/v1/questions/${market.question}`, wireQuestionDetail);
    const counted = reports.filter((report) => report.counted && report.round === round);
    if (counted.length === 0) wrong.push(`no report is known of ${market.question}`);
    for (const { provider, evidence, value } of counted) {
      const what = evidence === null ? "it has no evidence" : await complaint(cast, market, evidence, value);
      if (what === null) read += 1;
      else wrong.push(`what ${provider} said of ${market.market}: ${what}`);
    }
  }
  return { read, wrong };
}

async function complaint(
  { api }: OpinionCast,
  market: Reckoned,
  evidence: string,
  value: string | null,
): Promise<string | null> {
  const bundle = await api.get(`/v1/evidence/${evidence}`, z.unknown());
  const text = canonicalJson(bundle);
  const known = readEvidence(text);
  if ("complaint" in known) return `its evidence: ${known.complaint}`;
  if (textHash(text) !== evidence) return "its evidence has another hash";
  const source = known.bundle.sources.find(({ type }) => type === "opinions");
  if (!source?.sha256) return "its evidence names no sheet";
  const sheetText = canonicalJson(await api.get(`/v1/content/${source.sha256}`, z.unknown()));
  if (textHash(sheetText) !== source.sha256) return "its sheet has another hash";
  const sheet = readSheet(sheetText);
  if ("complaint" in sheet) return `its sheet: ${sheet.complaint}`;
  if (!samePositions(sheet.sheet, market)) return "its sheet labels other positions than the logs have";
  return String(sheet.sheet.score * 100) === value
    ? null
    : `its labels come to ${sheet.sheet.score}, signed is ${value}`;
}

function samePositions(
  { market: of, positions }: LabelSheet,
  { market, positions: logged }: Reckoned,
): boolean {
  if (of !== market || positions.length !== logged.length) return false;
  return positions.every(({ owner, band, staked, opinion }) =>
    logged.some(
      (one) =>
        sameAddress(one.owner, owner as Hex) &&
        one.band === band &&
        String(one.amount) === staked &&
        one.opinion === opinion,
    ),
  );
}
