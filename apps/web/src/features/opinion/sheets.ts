import { t } from "@lingui/core/macro";
import { type LabelSheet, readSheet } from "@sooth/markets/core";
import { contentText, evidenceText, type QuestionDetail } from "../../api.ts";
import { bundleIn } from "../question/evidence.ts";

/** What one provider's report rests on: its sheet of labels, worked out again, or why it cannot be. */
export type Judged = {
  signer: string;
  /** Whether its report is in the answer. */
  counted: boolean;
  sheet: LabelSheet | null;
  complaint: string | null;
};
/** What one analyst says of one opinion. */
export type OpinionLabel = LabelSheet["analysts"][number]["labels"][number] & {
  analyst: string;
  model: string;
  /** How many providers say the same. */
  providers: number;
};

/** The sheets of all reports whose evidence is open. Each hash is fetched once: most providers' sheets are the same text. */
export async function sheetsOf({ reports }: Pick<QuestionDetail, "reports">): Promise<Judged[]> {
  const sheets = new Map<string, Promise<Pick<Judged, "sheet" | "complaint">>>();
  const once = (hash: string) => {
    const known = sheets.get(hash) ?? sheetOfHash(hash);
    sheets.set(hash, known);
    return known;
  };
  return Promise.all(
    reports
      .flatMap(({ signer, counted, evidence }) => (evidence === null ? [] : [{ signer, counted, evidence }]))
      .map(async ({ signer, counted, evidence }) => {
        const bundle = bundleIn(await evidenceText(evidence));
        const hash = bundle?.sources.find(({ type }) => type === "opinions")?.sha256;
        const found = hash ? await once(hash) : { sheet: null, complaint: t`its evidence names no labels` };
        return { signer, counted, ...found };
      }),
  );
}

async function sheetOfHash(hash: string): Promise<Pick<Judged, "sheet" | "complaint">> {
  const text = await contentText(hash);
  if (text === null) return { sheet: null, complaint: t`its labels are not kept here` };
  const read = readSheet(text);
  return "sheet" in read
    ? { sheet: read.sheet, complaint: null }
    : { sheet: null, complaint: read.complaint };
}

/** What is said of each opinion, by its owner; the same label of several providers stands once. */
export function labelsByOwner(judged: readonly Judged[]): Map<string, OpinionLabel[]> {
  const byOwner = new Map<string, OpinionLabel[]>();
  for (const { sheet } of judged)
    for (const { analyst, model, labels } of sheet?.analysts ?? [])
      for (const label of labels) {
        const known = byOwner.get(label.owner) ?? [];
        const same = known.find(
          (one) => one.analyst === analyst && one.model === model && isSame(one, label),
        );
        if (same) same.providers += 1;
        else known.push({ ...label, analyst, model, providers: 1 });
        byOwner.set(label.owner, known);
      }
  return byOwner;
}

/** One analyst's labels of a market, as one or more providers reported them to the last figure. */
export type Voice = {
  id: string;
  name: string;
  providers: number;
  score: number;
  byOwner: ReadonlyMap<string, SheetLabel>;
};
type SheetLabel = LabelSheet["analysts"][number]["labels"][number];
export type SheetPosition = LabelSheet["positions"][number];

/** Analysts side by side: providers whose labels are the same stand together. */
export function voicesOf(judged: readonly Pick<Judged, "sheet">[]): Voice[] {
  const bySheet = Map.groupBy(
    judged.flatMap(({ sheet }) => (sheet ? [sheet] : [])),
    ({ root }) => root,
  );
  return [...bySheet].flatMap(([root, sheets]) =>
    sheets.slice(0, 1).flatMap(({ analysts, score }) =>
      analysts.map(({ analyst, model, labels }) => ({
        id: `${root} ${analyst} ${model}`,
        name: `${analyst} (${model})`,
        providers: sheets.length,
        score,
        byOwner: new Map(labels.map((label) => [label.owner, label])),
      })),
    ),
  );
}

/** Every opinion that some sheet speaks of, those first that are named, then by stake. */
export function positionsOf(
  judged: readonly Pick<Judged, "sheet">[],
  first: ReadonlySet<string>,
): SheetPosition[] {
  const byOwner = new Map(
    judged.flatMap(({ sheet }) => sheet?.positions.map((one) => [one.owner, one] as const) ?? []),
  );
  return [...byOwner.values()].toSorted((a, b) => {
    const named = Number(first.has(b.owner)) - Number(first.has(a.owner));
    const [more, less] = [BigInt(b.staked), BigInt(a.staked)];
    return named !== 0 ? named : more === less ? 0 : more > less ? 1 : -1;
  });
}

const isSame = (a: OpinionLabel, b: LabelSheet["analysts"][number]["labels"][number]): boolean =>
  a.stance === b.stance && a.quality === b.quality && a.keep === b.keep && a.reason === b.reason;
