import { least, randomNumbers, sum, texts, times, write } from "../cases.ts";

// Seat weights. The whole is found by letting the sum of the cut weights fall until it stands; seats of a cluster that is
// cut are handed their units one after the other.

type Seat = { stake: bigint; factorBps: bigint; cluster: bigint; family: bigint };

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

const share = (a: bigint, b: bigint) => a !== 0n && a === b;

function weigh(seats: readonly Seat[]) {
  const live = seats.flatMap((seat, place) => (seat.stake > 0n && seat.factorBps > 0n ? [place] : []));
  // Names spread from seat to seat until all who stand together have one.
  const party = seats.map((_, place) => `seat ${String(place).padStart(2, "0")}`);
  for (let i = 0; i < live.length; i++)
    for (const place of live)
      for (const other of live) {
        const [one, two] = [seats[place], seats[other]];
        if (!one || !two || !(share(one.cluster, two.cluster) || share(one.family, two.family))) continue;
        const [first = ""] = [party[place] ?? "", party[other] ?? ""].toSorted();
        [party[place], party[other]] = [first, first];
      }
  const membersOf = (name: string) => live.filter((place) => party[place] === name);
  const isCluster = (name: string) => membersOf(name).some((place) => seats[place]?.cluster !== 0n);
  const isWitness = (name: string) => membersOf(name).some((place) => seats[place]?.family !== 0n);
  const names = [...new Set(live.map((place) => party[place] ?? ""))];
  const held = new Map(
    names.map((name) => [name, sum(membersOf(name).map((place) => seats[place]?.stake ?? 0n))]),
  );
  const people = names.filter((name) => !isWitness(name));
  const cap = level(people.map((name) => held.get(name) ?? 0n));
  const weights = seats.map(({ stake, factorBps }, place) => {
    const all = held.get(party[place] ?? "") ?? 0n;
    return live.includes(place)
      ? (stake * least(all, cap) * least(factorBps, 10_000n)) / (all * 10_000n)
      : 0n;
  });

  const weightOf = (name: string) => sum(membersOf(name).map((place) => weights[place] ?? 0n));
  const before = names.map((name) => ({ name, weight: weightOf(name) })).filter(({ weight }) => weight > 0n);
  const present = before.filter(({ name }) => !isWitness(name)).length;
  const alone = BigInt(Math.min(4, present));
  const partOf = (name: string) => (isWitness(name) ? 9n : isCluster(name) && present >= 8 ? 7n : alone);
  const kept = (total: bigint) =>
    before.map(({ name, weight }) => ({ name, weight, most: least(weight, total / partOf(name)) }));
  const ofWitnesses = (parts: ReturnType<typeof kept>) =>
    sum(parts.filter(({ name }) => isWitness(name)).map(({ most }) => most));
  let total = sum(weights);
  for (;;) {
    const now = total;
    const parts = kept(now);
    const witnesses = ofWitnesses(parts);
    total = sum(parts.map(({ most }) => most)) - witnesses + least(witnesses, now / 3n);
    if (total === now) break;
  }

  // Of a third that is too small each witness gets his part, and units left over go to the largest.
  const parts = kept(total);
  const witnesses = parts.filter(({ name }) => isWitness(name));
  const all = ofWitnesses(parts);
  if (all > total / 3n) {
    const shares = handOut(
      witnesses.map(({ most }) => most),
      all,
      total / 3n,
    );
    witnesses.forEach((one, i) => (one.most = shares[i] ?? 0n));
  }
  for (const { name, weight, most } of parts) {
    if (weight <= most) continue;
    const members = membersOf(name);
    const shares = handOut(
      members.map((place) => weights[place] ?? 0n),
      weight,
      most,
    );
    members.forEach((place, i) => (weights[place] = shares[i] ?? 0n));
  }
  return {
    stakes: texts(seats.map(({ stake }) => stake)),
    factors: texts(seats.map(({ factorBps }) => factorBps)),
    clusters: texts(seats.map(({ cluster }) => cluster)),
    families: texts(seats.map(({ family }) => family)),
    weights: texts(weights),
    total: String(total),
  };
}

/** Rounded down, and one unit more for each from the largest on while something is left. */
function handOut(values: readonly bigint[], whole: bigint, most: bigint): bigint[] {
  const order = values
    .map((_, i) => i)
    .toSorted((a, b) => Number((values[b] ?? 0n) - (values[a] ?? 0n)) || a - b);
  const parts = values.map((value) => (value * most) / whole);
  for (let i = 0; sum(parts) < most; i++) {
    const place = order[i] ?? 0;
    parts[place] = (parts[place] ?? 0n) + 1n;
  }
  return parts;
}

const seatsOf = (
  stakes: readonly bigint[],
  factors: readonly bigint[],
  clusters: readonly bigint[],
  families: readonly bigint[] = [],
): Seat[] =>
  stakes.map((stake, i) => ({
    stake,
    factorBps: factors[i] ?? 10_000n,
    cluster: clusters[i] ?? 0n,
    family: families[i] ?? 0n,
  }));

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
  const witnesses: Seat[][] = [
    // A family alone, beside one, beside nine; five families, which together are above a third.
    seatsOf(thousand(3), [], [], [1n, 1n, 1n]),
    seatsOf(thousand(2), [], [], [1n]),
    seatsOf(thousand(12), [], [], [1n, 1n, 1n]),
    seatsOf(
      thousand(20),
      [],
      [],
      times(10, (i) => 1n + BigInt(i >> 1)),
    ),
    seatsOf(
      thousand(5),
      [],
      [],
      times(4, (i) => 1n + BigInt(i)),
    ),
    // A cluster whose members declare a family each is one witness.
    seatsOf(
      thousand(20),
      [],
      times(6, () => 1n),
      times(6, (i) => BigInt(i)),
    ),
    // Two clusters and a family between them.
    seatsOf(thousand(12), [], [1n, 1n, 0n, 2n, 2n], [0n, 5n, 5n, 5n, 0n]),
    // Who weighs nothing connects nobody.
    seatsOf(thousand(12), [10_000n, 0n, 10_000n], [1n, 1n, 0n], [0n, 5n, 5n]),
    seatsOf([1_000_000n, 3n, 3n, 3n, 3n], [], [], [0n, 1n, 2n, 3n, 4n]),
    seatsOf(
      times(32, () => most),
      times(32, (i) => 10_000n - BigInt(i)),
      times(32, (i) => (i % 3 === 0 ? 1n + BigInt(i % 5) : 0n)),
      times(32, (i) => (i % 2 === 0 ? 1n + BigInt(i % 7) : 0n)),
    ),
  ];
  const drawn = times(80, (i) => {
    const spread = 10n ** (1n + random(15n));
    return times(1 + Number(random(32n)), () => ({
      stake: random(4n) === 0n ? random(spread * 100n) : random(spread),
      factorBps: i % 4 === 0 ? 10_000n : random(12n) === 0n ? 0n : 1_000n + random(9_001n),
      cluster: random(2n) === 0n ? 0n : 1n + random(BigInt(1 + (i % 6))),
      family: 0n,
    }));
  });
  const mixed = times(80, (i) => {
    const spread = 10n ** (1n + random(15n));
    return times(1 + Number(random(32n)), () => ({
      stake: random(4n) === 0n ? random(spread * 100n) : random(spread),
      factorBps: i % 4 === 0 ? 10_000n : random(12n) === 0n ? 0n : 1_000n + random(9_001n),
      cluster: random(3n) !== 0n ? 0n : 1n + random(BigInt(1 + (i % 6))),
      family: random(BigInt(2 + (i % 3))) === 0n ? 1n + random(BigInt(1 + (i % 7))) : 0n,
    }));
  });
  write("economy/seat-weights.json", {
    about: "stakes, factors, clusters and families of models to weights",
    cases: [...named, ...witnesses, ...drawn, ...mixed].map(weigh),
  });
}
