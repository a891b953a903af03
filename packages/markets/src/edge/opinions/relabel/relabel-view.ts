import type { z } from "zod";
import {
  cidOf,
  differenceOf,
  type LabelSheet,
  type SheetDifference,
  type wireRelabelling,
} from "../../../core/index.ts";
import type { Deps } from "../../deps.ts";
import type { StoredOpinionMarket } from "../market-rows.ts";
import { type NamedSheet, sheetsOf } from "../scores.ts";
import type { SheetReader } from "../sheet-reader.ts";
import { relabellingOf, type StoredRelabelling } from "./relabel-rows.ts";

type Wire = z.input<typeof wireRelabelling>;

/** How the labels of this deployment's own analysts stand against each provider's sheet. */
export async function viewRelabelling(
  { store, analysts }: Pick<Deps, "store" | "analysts">,
  market: StoredOpinionMarket,
  { now, readSheetOf }: { now: number; readSheetOf: SheetReader },
): Promise<Wire> {
  const offered = ((await analysts?.()) ?? []).length > 0;
  const stored = await relabellingOf(store.db, market.id);
  const none = { market: market.id, offered, comes: null, against: [], failure: null };
  if (!stored) return { ...none, state: "none", askedBy: null, askedAt: null, opinions: 0, noText: 0 };
  const { askedBy, askedAt, opinions, noText } = stored;
  const facts = { ...none, askedBy, askedAt, opinions, noText };
  // Our own row, made and checked here.
  const own = stored.sheet === null ? null : (JSON.parse(stored.sheet) as LabelSheet);
  if (own === null) return { ...facts, ...endOf(stored) };
  const sheets = await sheetsOf(store.db, market, { now, readSheetOf });
  const { score, confidence, spreadBps, families } = own;
  const analystsOf = own.analysts.map(({ analyst, family, model, prompt }) => ({
    analyst,
    family,
    model,
    prompt,
  }));
  return {
    ...facts,
    state: "done",
    comes: { score, confidence, spreadBps, families, analysts: analystsOf },
    against: sheets.map((named) => against(own, named)),
  };
}

function endOf({ running, code, why }: StoredRelabelling): Pick<Wire, "state" | "failure"> {
  if (running) return { state: "running", failure: null };
  const left = { code: "opinions.analyst_away", message: "whoever labelled them stopped before the end" };
  return { state: "failed", failure: code === null || why === null ? left : { code, message: why } };
}

function against(own: LabelSheet, { sha256, reports, read }: NamedSheet): SheetDifference {
  const its = { cid: cidOf(sha256), signers: reports.map(({ signer }) => signer) };
  if ("complaint" in read)
    return {
      ...its,
      complaint: read.complaint,
      score: null,
      confidence: null,
      analysts: [],
      differing: 0,
      opinions: [],
    };
  const { score, confidence } = read.sheet;
  return { ...its, complaint: null, score, confidence, ...differenceOf(own, read.sheet) };
}
