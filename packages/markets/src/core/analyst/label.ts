/** A stance in ten-thousandths: 10_000 is wholly for the statement, -10_000 wholly against it. */
export type StanceBps = number & { readonly unit?: "stance bps" };

/** Points of each part of quality; together 100. */
export const QUALITY_PARTS = { clarity: 20, insight: 30, reasoning: 30, originality: 20 } as const;
export type QualityPart = keyof typeof QUALITY_PARTS;

/**
 * Why an opinion does not count. The last four are of others than the offline analyst: `no_text`: nobody has a text of the hash
 * that was staked with. `not_kept`: a model judged that it is no contribution. `no_label`: a model refuses to label it, or says
 * nothing that can be read. `not_labelled`: what its provider may spend on the market was labelled larger stakes with.
 */
export const REJECTIONS = [
  "empty",
  "hidden_characters",
  "no_words",
  "too_short",
  "addresses_analyst",
  "repeats_itself",
  "copies_statement",
  "no_text",
  "not_kept",
  "no_label",
  "not_labelled",
] as const;
export type Rejection = (typeof REJECTIONS)[number];

/**
 * What an analyst says of one opinion; whole numbers only. A rejected opinion has stance 0 and quality 0, which is not
 * "neutral and bad": it does not count at all.
 */
export type Label = {
  /** -10_000 to 10_000. */
  stance: StanceBps;
  /** 0 to 100: the sum of its parts. */
  quality: number;
  parts: Record<QualityPart, number>;
  /** Null when the opinion is kept. */
  rejection: Rejection | null;
  /** In the analyst's own words, at most 200 characters; the offline one has none. */
  note?: string;
};

export const rejected = (rejection: Rejection): Label => ({
  stance: 0,
  quality: 0,
  parts: { clarity: 0, insight: 0, reasoning: 0, originality: 0 },
  rejection,
});
