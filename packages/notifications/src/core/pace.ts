const MOST_ATTEMPTS = 10;
const FIRST_PAUSE = 60;
const LONGEST_PAUSE = 21_600;

/**
 * Seconds until a letter is tried again that failed `failed` times: a minute, twice that, at most six hours; null when it is given
 * up, about half a day after it was due. @param luck from 0 to 1, so that what failed together does not come back together
 */
export const pauseAfter = (failed: number, luck: number): number | null =>
  failed >= MOST_ATTEMPTS
    ? null
    : Math.round(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failed - 1)) * (0.8 + 0.4 * luck));

/** Letters of one mailbox, or one wallet's browsers, up to now (this machine's seconds). */
export type Sent = { inADay: number; last: number | null };

/**
 * Letters a day for what cannot wait, beyond the day's limit: that can be used up by strangers, who reply to somebody or ask him to
 * pay; none of them makes anything urgent.
 */
const MOST_URGENT = 5;

/**
 * Whether what waits is told now, by one letter, or later with what comes meanwhile. A juror's vote is due: that waits for no gap.
 * @param limits `each`: as many letters are one that is told, one to every browser
 */
export const waitFor = (
  sent: Sent,
  limits: { aDay: number; gapSeconds: number; each?: number },
  o: { urgent: boolean; now: number },
): boolean =>
  o.urgent
    ? sent.inADay >= limits.aDay + MOST_URGENT * (limits.each ?? 1)
    : sent.inADay >= limits.aDay || (sent.last !== null && o.now - sent.last < limits.gapSeconds);
