import { type Related, relatedWords } from "../../core/meaning.ts";
import { loadAnalyst } from "../analyst/load-analyst.ts";

const MOST_KEPT = 2_000;
const kept = new Map<string, readonly Related[]>();
let lookUp: ReturnType<typeof relatedWords> | undefined;

/** Words near to one, by the vectors that the offline analyst reads with; some milliseconds each, so what was asked is kept for a while. */
export function relatedTo(word: string): readonly Related[] {
  const known = kept.get(word);
  if (known) return known;
  lookUp ??= relatedWords(loadAnalyst());
  const related = lookUp(word);
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(word, related);
  return related;
}
