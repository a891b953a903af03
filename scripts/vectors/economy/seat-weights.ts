import { least, randomNumbers, sum, texts, times, write } from "../cases.ts";

// Seat weights. The whole is found by letting the sum of the cut weights fall until it stands; seats of a cluster that is
// cut are handed their units one after the other.

type Seat = { stake: bigint; factorBps: bigint; cluster: bigint };

/** The largest c with c * k <= sum of min(stake, c), by bisection. */
function level(stakes: readonly bigint[]): bigint {
  const k = BigInt(Math.min(4, stakes.length));
  let [fits, tooBig] = [0n, sum(stakes) + 1n];
  while (tooBig - fits > 1n) {
    const cap = (fits + tooBig) / 2n;
    if (cap * k <= sum(stakes.map((stake) => least(stake, cap)))) fits = cap;
    else tooBig = cap;
  }
  return fits;
}

function weigh(seats: readonly Seat[]) {
  const live = seats.flatMap((seat, place) => (seat.stake > 0n && seat.factorBps > 0n ? [place] : []));
  const party = (place: number) => {
    const cluster = seats[place]?.cluster ?? 0n;
    return cluster === 0n ? `seat ${place}` : `cluster ${cluster}`;
  };
  const names = [...new Set(live.map(party))];
  const held = new Map(
    names.map((name) => [
      name,
      sum(live.filter((place) => party(place) === name).map((place) => seats[place]?.stake ?? 0n)),
    ]),
  );
  const cap = level([...held.values()]);
  const weights = seats.map(({ stake, factorBps }, place) => {
    const all = held.get(party(place)) ?? 0n;
    return live.includes(place)
      ? (stake * least(all, cap) * least(factorBps, 10_000n)) / (all * 10_000n)
      : 0n;
  });

  const weightOf = (name: string) =>
    sum(live.filter((place) => party(place) === name).map((place) => weights[place] ?? 0n));
  const before = names.map((name) => ({ name, weight: weightOf(name) })).filter(({ weight }) => weight > 0n);
  const alone = BigInt(Math.min(4, before.length));
  const partOf = (name: string) => (name.startsWith("cluster") && before.length >= 8 ? 7n : alone);
  let total = sum(weights);
  for (;;) {
    const now = total;
    total = sum(before.map(({ name, weight }) => least(weight, now / partOf(name))));
    if (total === now) break;
  }

  for (const { name, weight } of before) {
    const most = total / partOf(name);
    if (weight <= most) continue;
    const members = live
      .filter((place) => party(place) === name)
      .toSorted((a, b) => Number((weights[b] ?? 0n) - (weights[a] ?? 0n)) || a - b);
    const parts = members.map((place) => ((weights[place] ?? 0n) * most) / weight);
    for (let i = 0; sum(parts) < most; i++) parts[i] = (parts[i] ?? 0n) + 1n;
    members.forEach((place, i) => (weights[place] = parts[i] ?? 0n));
  }
  return {
    stakes: texts(seats.map(({ stake }) => stake)),
    factors: texts(seats.map(({ factorBps }) => factorBps)),
    clusters: texts(seats.map(({ cluster }) => cluster)),
    weights: texts(weights),
    total: String(total),
  };
}

const seatsOf = (
  stakes: readonly bigint[],
  factors: readonly bigint[],
  clusters: readonly bigint[],
): Seat[] =>
  stakes.map((stake, i) => ({ stake, factorBps: factors[i] ?? 10_000n, cluster: clusters[i] ?? 0n }));

const thousand = (count: number) => times(count, () => 1000n);

export function seatWeights(): void {
  const random = randomNumbers(12n);
  const most = (1n << 96n) - 1n;
  const named: Seat[][] = [
    [],
    seatsOf([0n], [], []),
    seatsOf([5n], [], []),
    seatsOf([1000n, 3000n], [], []),
    seatsOf([1000n, 2000n, 9000n, 500n], [], []),
    // One who is believed among newcomers is cut to a quarter.
    seatsOf(thousand(8), [10_000n, ...times(7, () => 1_000n)], []),
    // Seven parties: a cluster's cap is a quarter. Eight: a seventh.
    seatsOf(
      thousand(12),
      [],
      times(6, () => 7n),
    ),
    seatsOf(
      thousand(13),
      [],
      times(6, () => 7n),
    ),
    seatsOf(thousand(32), [], [...times(8, () => 1n), ...times(8, () => 2n), ...times(8, () => 3n)]),
    seatsOf(
      thousand(32),
      [],
      times(32, (i) => BigInt(1 + (i % 8))),
    ),
    seatsOf(
      thousand(9),
      [],
      times(9, () => 4n),
    ),
    seatsOf(thousand(5), [0n, 0n, 10_000n, 10_000n, 10_000n], []),
    seatsOf([0n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n], [], [0n, 1n, 1n]),
    seatsOf([1n, 1n, 1n, 1n], [9_999n, 10_000n, 10_000n, 10_000n], []),
    seatsOf(
      times(32, () => most),
      [],
      [],
    ),
    seatsOf(
      times(32, () => most),
      times(32, (i) => 65_535n - BigInt(i)),
      times(32, (i) => BigInt(i % 5)),
    ),
  ];
  const drawn = times(80, (i) => {
    const spread = 10n ** (1n + random(15n));
    return times(1 + Number(random(32n)), () => ({
      stake: random(4n) === 0n ? random(spread * 100n) : random(spread),
      factorBps: i % 4 === 0 ? 10_000n : random(12n) === 0n ? 0n : 1_000n + random(9_001n),
      cluster: random(2n) === 0n ? 0n : 1n + random(BigInt(1 + (i % 6))),
    }));
  });
  write("economy/seat-weights.json", {
    about: "stakes, factors and clusters to weights",
    cases: [...named, ...drawn].map(weigh),
  });
}
