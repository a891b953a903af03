/**
 * How good the offline analyst was on statements that it had never seen: `npm run bench -- analyst`. A test holds docs/analyst.md
 * against these, since people are shown them beside every score.
 */
export const MEASURED = {
  /** Opinions whose stance had the right sign. */
  stance: 0.845,
  /** The same by the commonest stance alone. */
  majority: 0.506,
  /** Rank correlation of its quality with people's. */
  quality: 0.409,
} as const;

/** In short, for what holds no more: said beside a score. English, as cards are. */
export const MEASURED_SHORT = `Measured: its analyst names the right side of ${(MEASURED.stance * 100).toFixed(1)} % of opinions it never saw`;
