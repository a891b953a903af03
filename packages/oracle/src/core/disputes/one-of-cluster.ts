/** A juror of a snapshot. `cluster`: who counts as one with him in the question's domain; 0 for a juror alone. */
export type ClusteredJuror = { cluster: number; weight: bigint };

/**
 * Who may not be drawn once of every cluster only the heaviest may, the first of equals; parties are out already and keep no place
 * for theirs. Bitmaps of places in the snapshot. Mirror of `Juries._lighter`.
 */
export function oneOfCluster(jurors: readonly ClusteredJuror[], parties: bigint): bigint {
  const stays = new Map<number, { place: number; weight: bigint }>();
  let excluded = parties;
  for (const [place, { cluster, weight }] of jurors.entries()) {
    if (cluster === 0 || ((parties >> BigInt(place)) & 1n) === 1n) continue;
    const before = stays.get(cluster);
    const isHeavier = before !== undefined && weight > before.weight;
    if (before !== undefined) excluded |= 1n << BigInt(isHeavier ? before.place : place);
    if (before === undefined || isHeavier) stays.set(cluster, { place, weight });
  }
  return excluded;
}
