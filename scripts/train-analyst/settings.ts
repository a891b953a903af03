import type { AnalystModel } from "../../packages/markets/src/core/analyst/model.ts";
import type { LinearOptions } from "./linear.ts";
import type { NetworkOptions } from "./network.ts";

type NgramOptions = LinearOptions & { statements: number; isTrusting: boolean };

/** Everything that training can be told. Chosen by holding out statements of the training file; never by the file that measures. */
export type Settings = {
  /** Words whose vectors are kept. */
  words: number;
  /** A word of the opinions is kept from this many of them on. */
  commonWord: number;
  /** `statements`: an n-gram is kept when so many have it. `isTrusting`: those that point one way in many count more. */
  stanceNgrams: NgramOptions;
  qualityNgrams: NgramOptions;
  networks: readonly NetworkOptions[];
  blend: AnalystModel["blend"];
};

const network: NetworkOptions = {
  widths: [1, 2, 3],
  filters: 64,
  epochs: 3,
  rate: 1e-3,
  vectorRate: 1e-3,
  dropWords: 0.3,
  dropPooled: 0.4,
  decay: 1e-2,
  qualityShare: 1,
  seed: 1,
};

export const SETTINGS: Settings = {
  words: 12_500,
  commonWord: 3,
  stanceNgrams: { statements: 3, isTrusting: true, rate: 0.6, penalty: 0, epochs: 5, seed: 1 },
  qualityNgrams: { statements: 4, isTrusting: false, rate: 0.1, penalty: 3e-4, epochs: 3, seed: 1 },
  networks: [network],
  blend: { stance: { network: 0.18, ngrams: 0.56 }, quality: { network: 0.7, ngrams: 0.3 } },
};
