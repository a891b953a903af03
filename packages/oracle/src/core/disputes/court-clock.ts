/** A time in which the guardian held up reports. Unix seconds; `until` is the first that counts again. */
export type Pause = { from: number; until: number };

/** What the court clock shows at `unix`: seconds less all paused time. `pauses` in their order. Mirror of `Guard.clockAt`. */
export const courtClock = (pauses: readonly Pause[], unix: number): number =>
  pauses.reduce(
    (clock, { from, until }) => (from <= unix ? clock - (Math.min(unix, until) - from) : clock),
    unix,
  );

/** The first unix second at which the court clock shows `clock`, if no pause comes but these. */
export function unixAt(pauses: readonly Pause[], clock: number): number {
  let paused = 0;
  for (const { from, until } of pauses) {
    if (clock <= from - paused) break;
    paused += until - from;
  }
  return clock + paused;
}

/** The pause under way at `unix`, if there is one. */
export const pauseAt = (pauses: readonly Pause[], unix: number): Pause | undefined =>
  pauses.find(({ from, until }) => from <= unix && unix < until);

/** Marks that there are; an answer lives through far fewer pauses. Source: AnswerWord.sol. */
const MARKS = 7;

/** What an answer's word remembers of the pause of this number, counted from 1, once it was held for it. */
export const pauseMark = (number: number): number => ((number - 1) % MARKS) + 1;
