import { at } from "@sooth/kernel";
import { depositOf, JUROR_INCOHERENT, JUROR_MISSING } from "./economy.ts";
import { type Ledger, slash } from "./ledger.ts";
import type { Provider } from "./population.ts";
import type { Random } from "./random.ts";
import type { Settings } from "./settings.ts";
import { look, type Question } from "./world.ts";

/** A wrong answer, or nothing: the question is invalid and everybody is refunded. */
export const INVALID = -1;

export type Case = {
  question: Question;
  /** What the quorum signed, and what the disputer says instead. */
  answer: number;
  claim: number;
  signers: ReadonlySet<number>;
  seated: readonly Provider[];
  weights: readonly number[];
  /** The outcome an attacker wants in this question, if there is one, and who votes for it whatever is true. */
  wanted: number | null;
  bought: (provider: Provider, expectedLoss: number) => boolean;
};

export type Vote = { provider: number; choice: number };
export type Verdict = {
  final: number;
  endedAt: keyof Ledger["endedAt"];
  /** Which side paid how many deposits: the first is the disputer's. */
  juries: { verdict: number; votes: Vote[] }[];
};

const SIZES = [9, 31, 101] as const;
const QUORUM = 2 / 3;
/** Two sides argued and the evidence lies open: this much of the usual errors is left. */
const SECOND_LOOK = 0.3;
const JUROR_FLOOR = 0.02;
const JUROR_ABSENT = 0.02;
const WATCHER_APPEALS = 0.9;
/** Share of the drawn weight above which an attacker hopes for the next jury. */
const HOPE = 0.35;

/** Runs a dispute to its end. Juries are drawn from everybody who staked and did not sign the answer. */
export function decide(
  one: Case,
  everybody: readonly Provider[],
  settings: Settings,
  ledger: Ledger,
  random: Random,
): Verdict {
  const again = reReport(one, random);
  const juries: Verdict["juries"] = [];
  if (again.corrected !== null) return { final: again.corrected, endedAt: "re-report", juries };
  let standing = again.upheld ? one.answer : null;
  const claim = again.other ?? one.claim;
  const contested: Case = { ...one, claim };
  let endedAt: Verdict["endedAt"] = "re-report";
  for (const [round, size] of SIZES.entries()) {
    if (standing !== null && !appeals(contested, standing, everybody, settings, ledger, round, random)) break;
    const jury = hold(contested, size, everybody, settings, ledger, random);
    juries.push(jury);
    // Short of the supermajority the next size sits at once.
    standing = jury.decided ? jury.verdict : null;
    endedAt = `jury ${size}`;
  }
  return standing === null || standing === INVALID
    ? { final: INVALID, endedAt: "invalid", juries }
    : { final: standing, endedAt, juries };
}

function reReport(
  one: Case,
  random: Random,
): { corrected: number | null; upheld: boolean; other: number | null } {
  const total = one.weights.reduce((sum, weight) => sum + weight, 0);
  const all = new Map<number, number>();
  const rest = new Map<number, number>();
  let restWeight = 0;
  let restCount = 0;
  for (const [index, provider] of one.seated.entries()) {
    const weight = one.weights[index] ?? 0;
    const value =
      one.wanted !== null && one.bought(provider, 0)
        ? one.wanted
        : look(one.question, provider, SECOND_LOOK, random).value;
    all.set(value, (all.get(value) ?? 0) + weight);
    if (one.signers.has(provider.id)) continue;
    rest.set(value, (rest.get(value) ?? 0) + weight);
    restWeight += weight;
    restCount += 1;
  }
  for (const [value, weight] of all)
    if (value !== one.answer && weight > QUORUM * total)
      return { corrected: value, upheld: false, other: null };
  const found = [...rest].find(([, weight]) => restCount >= 3 && weight > QUORUM * restWeight);
  if (!found) return { corrected: null, upheld: false, other: null };
  return found[0] === one.answer
    ? { corrected: null, upheld: true, other: null }
    : { corrected: null, upheld: false, other: found[0] };
}

/** Whether anybody pays the doubled deposit against what stands. */
function appeals(
  one: Case,
  standing: number,
  everybody: readonly Provider[],
  settings: Settings,
  ledger: Ledger,
  round: number,
  random: Random,
): boolean {
  const isWrong = standing !== one.question.truth && standing !== INVALID;
  if (isWrong) return random() < WATCHER_APPEALS;
  if (one.wanted === null) return false;
  const eligible = everybody.filter(({ id }) => !one.signers.has(id));
  const theirs = eligible.filter((provider) => one.bought(provider, provider.stake * JUROR_INCOHERENT));
  const share = weigh(theirs) / Math.max(1, weigh(eligible));
  if (share < HOPE) return false;
  // What a hopeless appeal costs is the attacker's.
  ledger.deposits.attackers += depositOf(one.question.value, settings.deposit, round + 1);
  return true;
}

const weigh = (list: readonly Provider[]): number =>
  list.reduce((sum, { stake, factor }) => sum + stake * factor, 0);

/** Draws a jury by weight with at most a seventh of its seats to one juror, hears it and pays it. */
function hold(
  one: Case,
  size: number,
  everybody: readonly Provider[],
  settings: Settings,
  ledger: Ledger,
  random: Random,
): { verdict: number; decided: boolean; votes: Vote[] } {
  const seats = draw(one, size, everybody, settings, random);
  const drawn = [...seats.values()].reduce((sum, count) => sum + count, 0);
  const { question, answer, claim } = one;
  const right = question.truth === answer ? answer : question.truth === claim ? claim : INVALID;
  const choices = [answer, claim, INVALID];
  const votes: Vote[] = [];
  const counted = new Map<number, number>();
  for (const [id, count] of seats) {
    const juror = at(everybody, id);
    const expectedLoss = juror.stake * JUROR_INCOHERENT;
    let choice = right;
    if (one.wanted !== null && one.bought(juror, expectedLoss)) choice = sideOf(one.wanted, answer, claim);
    else if (random() < JUROR_ABSENT) {
      slash(ledger, juror, JUROR_MISSING);
      continue;
    } else if (random() < Math.min(0.45, JUROR_FLOOR + question.error * juror.skill * SECOND_LOOK)) {
      const others = choices.filter((each) => each !== right);
      choice = random() < 0.8 ? at(others, 0) : at(others, 1);
    }
    votes.push({ provider: id, choice });
    counted.set(choice, (counted.get(choice) ?? 0) + count);
  }
  const [verdict, most] = [...counted].toSorted((a, b) => b[1] - a[1])[0] ?? [INVALID, 0];
  const decided = drawn > 0 && most >= settings.supermajority * drawn;
  if (decided) {
    const fee = (depositOf(question.value, settings.deposit, SIZES.indexOf(size as 9)) * 0.25) / most;
    for (const { provider, choice } of votes) {
      const juror = at(everybody, provider);
      if (choice !== verdict) slash(ledger, juror, JUROR_INCOHERENT);
      else {
        const pay = fee * (seats.get(provider) ?? 0);
        juror.earned += pay;
        ledger.byKind[juror.kind].juryPay += pay;
        ledger.jurorsPaid += pay;
      }
    }
  }
  return { verdict, decided, votes };
}

const sideOf = (wanted: number, answer: number, claim: number): number =>
  wanted === answer || wanted === claim ? wanted : answer;

function draw(
  one: Case,
  size: number,
  everybody: readonly Provider[],
  settings: Settings,
  random: Random,
): Map<number, number> {
  const eligible = everybody.filter(({ id }) => !one.signers.has(id));
  const sums: number[] = [];
  let total = 0;
  for (const { stake, factor } of eligible) sums.push((total += stake * factor));
  const seats = new Map<number, number>();
  const clusters = new Map<number, number>();
  const most = Math.ceil(size / 7);
  // A draw that may not sit is drawn again; where too few may sit at all the jury stays smaller.
  for (let tries = 0, filled = 0; filled < size && tries < size * 20; tries += 1) {
    const juror = eligible[firstAbove(sums, random() * total)];
    if (!juror || (seats.get(juror.id) ?? 0) >= most) continue;
    const { cluster, step } = juror;
    if (settings.monitor && step >= 2 && cluster !== null) {
      const taken = clusters.get(cluster);
      if (taken !== undefined && taken !== juror.id) continue;
      clusters.set(cluster, juror.id);
    }
    seats.set(juror.id, (seats.get(juror.id) ?? 0) + 1);
    filled += 1;
  }
  return seats;
}

function firstAbove(sums: readonly number[], wanted: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
