import { randomNumbers, texts, times, write } from "./cases.ts";

// Where fees of decided bundles go, share after share: worked out here on sums, with remainders taken away before a division.

const PEOPLE = 4; // nobody, its owner, and two who relay
const [NOBODY, OWNER] = [0, 1];
const [OK, FAILED] = [1, 2];
/** How it was decided; the last is: nobody opened it. */
const ENDINGS = ["committed", "aborted", "expired", "unopened"] as const;

type Random = (below: bigint) => bigint;
const upTo = (random: Random, most: number) => Number(random(BigInt(most)));
/** Rounded down. */
const part = (of: bigint, times_: bigint, by: bigint) => (of * times_ - ((of * times_) % by)) / by;

function caseOf(random: Random, index: number) {
  const ending = ENDINGS[index % 4] ?? "committed";
  const escrowed = ending === "unopened" || random(2n) === 0n;
  const legs = [1, 2, 3, 7, 31, 32][index % 6] ?? 1;
  const sizes = [1n, 40n, 1n << 20n, 10n ** 18n, 1n << 88n];
  const fee = random(sizes[index % 5] ?? 1n);
  const raisedBy = index % 3 === 0 && ending !== "unopened" ? random(10n ** 18n) : 0n;
  const attesterBps = [0, 1, 2_000, 3_333, 10_000][upTo(random, 5)] ?? 0;
  const seated = random(4n) !== 0n;
  const paidIn = ending === "unopened" ? 0n : fee + raisedBy;
  const share = part(paidIn, 1n, BigInt(legs));
  const settled = new Set<number>();
  let [owner, pot] = [0n, 0n];
  // Some legs twice, and some never.
  const steps = times(Math.min(40, legs + (legs >> 1) + 1), () => {
    const [place, status, relayer] = [upTo(random, legs), 1 + upTo(random, 4), upTo(random, PEOPLE)];
    const credits = times(PEOPLE, () => 0n);
    let [amount, toAttesters, named] = [0n, 0n, 0];
    const isNew = !settled.has(place) && ending !== "unopened";
    settled.add(place);
    if (isNew) {
      if (relayer === NOBODY || relayer === OWNER) {
        amount = share;
        credits[OWNER] = share;
      } else {
        named = relayer;
        amount = escrowed || status === OK || status === FAILED ? share : part(share, 1n, 4n);
        toAttesters = seated ? part(amount, BigInt(attesterBps), 10_000n) : 0n;
        credits[relayer] = amount - toAttesters;
        credits[OWNER] = share - amount;
      }
    }
    const back = credits[OWNER] ?? 0n;
    owner += back;
    pot += toAttesters;
    if (isNew && settled.size === legs) owner += paidIn - share * BigInt(legs);
    return { place, status, relayer, named, amount, toAttesters, owner };
  });
  const left = ending === "unopened" || settled.size === legs ? 0n : paidIn - share * BigInt(settled.size);
  return {
    ending,
    escrowed,
    legs,
    fee: String(fee),
    raisedBy: String(raisedBy),
    attesterBps,
    seated,
    places: steps.map(({ place }) => place),
    statuses: steps.map(({ status }) => status),
    relayers: steps.map(({ relayer }) => relayer),
    named: steps.map(({ named }) => named),
    amounts: texts(steps.map(({ amount }) => amount)),
    toAttesters: texts(steps.map(({ toAttesters }) => toAttesters)),
    owners: texts(steps.map((step) => step.owner)),
    reclaimed: String(left),
    pot: String(pot),
  };
}

export function bundleFees(): void {
  const random = randomNumbers(83n);
  write("bundle-fees.json", {
    about:
      "shares of fees in the order in which receipts are shown: to whom (0 nobody, 1 the owner), what the hub logs, what the owner has after it; repeated ones log nothing",
    cases: times(24, (index) => caseOf(random, index)),
  });
}
