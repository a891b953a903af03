const HOURS = 24;
/** Hours whose unused share may still be used, beside the present one's. */
const CARRIED = 3;

/**
 * What may still be taken now of a day's gas: each hour has a 27th, and what the three before left of theirs, so that nobody takes a day at
 * once and shuts out all who come later; a day's 24 and three carried are the whole. One thing always, where the day has room for it. Rounded
 * down.
 * @param askedByHour what was taken in the last hour, the one before, and so on
 * @param one gas of one thing
 */
export function gasLeft(askedByHour: readonly bigint[], perDay: bigint, one: bigint): bigint {
  let asked = 0n;
  let left = perDay;
  for (let hours = 1; hours <= HOURS; hours++) {
    asked += askedByHour[hours - 1] ?? 0n;
    const share = (perDay * BigInt(hours + CARRIED)) / BigInt(HOURS + CARRIED);
    const most = share > one ? share : one;
    if (most - asked < left) left = most - asked;
  }
  // What a day has is no less bound where it is less than one.
  return perDay - asked < left ? perDay - asked : left;
}
