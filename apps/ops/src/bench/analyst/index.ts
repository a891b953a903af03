import { need } from "@sooth/kernel";
import { analyse, loadAnalyst } from "@sooth/markets";
import { type BenchPart, type Measurement, measurement } from "../measurement.ts";
import { lexiconStance } from "./lexicon.ts";
import { type Discussion, readDiscussions } from "./opinions.ts";
import { spearman } from "./rank.ts";

/** One opinion, what people said of it, and what the analyst and its baselines say. */
type Judged = {
  statement: number;
  stance: number;
  quality: number;
  length: number;
  analyst: { stance: number; quality: number; isKept: boolean };
  lexicon: number;
};

/** The offline analyst against people's labels. */
export const analyst: BenchPart = {
  name: "analyst",
  about: "offline analyst's stance and quality against people's labels; give --opinions FILE",
  needs: "opinions",
  run: (onStep, { opinions } = {}) => {
    const discussions = readDiscussions(need(opinions, "--opinions"));
    const model = loadAnalyst();
    onStep(`${discussions.length} statements, ${discussions.flatMap((one) => one.opinions).length} opinions`);
    const began = performance.now();
    const judged = discussions.flatMap(({ statement, opinions }, index) =>
      opinions.map(({ text, stance, quality }): Judged => {
        const label = analyse(model, { statement, text });
        return {
          statement: index,
          stance,
          quality,
          length: text.length,
          analyst: { stance: label.stance, quality: label.quality, isKept: label.rejection === null },
          lexicon: lexiconStance(statement, text),
        };
      }),
    );
    const seconds = (performance.now() - began) / 1_000;
    return Promise.resolve(measured(judged, discussions, seconds));
  },
};

function measured(
  judged: readonly Judged[],
  discussions: readonly Discussion[],
  seconds: number,
): Measurement[] {
  const groups = discussions.map((_, index) => judged.filter(({ statement }) => statement === index));
  const filled = groups.filter((group) => group.length > 0);
  const each = (figure: (rows: readonly Judged[]) => number): number =>
    filled.reduce((sum, group) => sum + figure(group), 0) / Math.max(1, filled.length);

  const right = (rows: readonly Judged[]): number =>
    share(rows, (one) => Math.sign(one.analyst.stance) === one.stance);
  const lexicon = (rows: readonly Judged[]): number => share(rows, (one) => one.lexicon === one.stance);
  const most = commonest(judged);
  const majority = (rows: readonly Judged[]): number => share(rows, (one) => one.stance === most);
  const quality = (rows: readonly Judged[]): number => correlation(rows, (one) => one.analyst.quality);
  const length = (rows: readonly Judged[]): number => correlation(rows, (one) => one.length);
  return [
    row("stance", right(judged), "right", lexicon(judged), "sentiment lexicon; all opinions as one"),
    row("stance_majority", right(judged), "right", majority(judged), "the commonest stance for all"),
    row(
      "stance_by_statement",
      each(right),
      "right",
      each(lexicon),
      "sentiment lexicon; mean over statements",
    ),
    row("quality", quality(judged), "rank corr.", length(judged), "length alone; all opinions as one"),
    row(
      "quality_by_statement",
      each(quality),
      "rank corr.",
      each(length),
      "length alone; mean over statements",
    ),
    row(
      "rejected",
      share(judged, (one) => !one.analyst.isKept),
      "share",
      null,
      "written by people: none should be",
    ),
    row("speed", Math.round(judged.length / seconds), "opinions/s", null, "one thread, weights loaded"),
  ];
}

const share = (rows: readonly Judged[], test: (one: Judged) => boolean): number =>
  rows.filter(test).length / Math.max(1, rows.length);

const correlation = (rows: readonly Judged[], of: (one: Judged) => number): number =>
  spearman(
    rows.map(of),
    rows.map(({ quality }) => quality),
  );

/** The commonest stance; of equals the larger. Taken from the very opinions, which favours this baseline. */
function commonest(rows: readonly Judged[]): number {
  const counts = [-1, 0, 1].map((stance) => ({
    stance,
    count: rows.filter((one) => one.stance === stance).length,
  }));
  return counts.reduce((best, one) => (one.count >= best.count ? one : best)).stance;
}

const row = (
  name: string,
  value: number,
  unit: string,
  reference: number | null,
  against: string,
): Measurement => measurement({ name: `analyst.${name}`, value, unit, reference, against });
