import { at, type UnixSeconds } from "@sooth/kernel";
import {
  type Cluster,
  createMonitor,
  findClusters,
  judgeCode,
  judgeMeasure,
  judgeVote,
  limitsWith,
  type Monitor,
} from "@sooth/oracle/core";
import { type Answer, answersOf, bribe, expectedLoss } from "./answers.ts";
import {
  depositOf,
  feeOf,
  information,
  overturnedSlash,
  PROVIDERS_PART,
  reputationFactor,
  seatWeights,
  secured,
  SERIES_DAYS,
  TOO_EARLY_PART,
} from "./economy.ts";
import { type Case, decide, INVALID, type Verdict } from "./ladder.ts";
import { emptyLedger, type Ledger, slash } from "./ledger.ts";
import { figureOf } from "./measures.ts";
import { originsOf, populate, type Provider } from "./population.ts";
import { below, type Random, seeded } from "./random.ts";
import type { Settings } from "./settings.ts";
import { ask, DOMAINS, look, type Question } from "./world.ts";

export type Run = {
  settings: Settings;
  ledger: Ledger;
  providers: readonly Provider[];
  monitor: Monitor;
  /** As of the last look. */
  clusters: readonly Cluster[];
  /** Price of a quorum over what a wrong final wins, at the largest value that the stake secures: with the ladder's rate of correction. */
  bribeCost: number;
};

const QUORUM = 2 / 3;
/** What a wrong final takes from those who rely on it, and gives to who wanted it. */
const PRIZE = 0.5;
const EPOCH = 500;
const YEAR_DAYS = 365;
const YEAR_QUESTIONS = 100_000;
const HALF_LIFE = 90;
const WRONG_FACTOR = 3;
/** Somebody looks at a wrong report: more eyes where more is at stake. */
const watched = (value: number): number => Math.min(0.99, 0.8 + 0.06 * Math.log10(value / 1_000));
const UNFOUNDED = 0.0025;
const WATCHER_CARE = 0.35;
/** A disputer confident below this loses on average (6.4). */
const BREAK_EVEN = 2 / 3;

/** One whole simulation. The same settings give the same run. */
export function simulate(settings: Settings): Run {
  const random = seeded(settings.seed);
  const providers = populate(settings, random);
  const limits = limitsWith(settings.limits);
  const monitor = createMonitor(providers.length, DOMAINS);
  const ledger = emptyLedger();
  const last = Array.from({ length: DOMAINS }, () => 0);
  // Until the first wrong report providers believe what the protocol promises.
  const seen = { overturned: 9, wrong: 10 };
  let clusters: Cluster[] = [];
  let lastFigure = 0;
  let all: number[] = [];
  for (let index = 0; index < settings.questions; index += 1) {
    if (index % EPOCH === 0) {
      renew(providers);
      all = settings.rotating ? [] : weigh(providers.slice(0, settings.seats), settings);
    }
    const seated = settings.rotating
      ? seat(providers, settings.seats, random)
      : providers.slice(0, settings.seats);
    const weights = settings.rotating ? weigh(seated, settings) : all;
    const now = Math.floor((index * YEAR_DAYS * 86_400) / YEAR_QUESTIONS) as UnixSeconds;
    if (random() < settings.figures) {
      const figure = figureOf(seated, weights, settings, lastFigure, random);
      ledger.questions += 1;
      ledger.figures.asked += 1;
      if (figure.isWrong) ledger.figures.wrong += 1;
      lastFigure = Number(figure.judged.final);
      judgeMeasure(monitor, { ...figure.judged, finalAt: now }, limits);
    } else {
      const stake = seated.reduce((sum, one) => sum + one.stake, 0);
      const question = ask(index, settings, secured(QUORUM * stake), random);
      const outcome = resolve(question, seated, weights, providers, settings, ledger, seen, last, random);
      account(question, outcome, providers, ledger, settings);
      if (outcome.final !== INVALID) {
        const judged = {
          domain: question.domain,
          finalAt: now,
          final: outcome.final,
          answers: outcome.answers,
        };
        judgeCode(monitor, judged, limits);
        last[question.domain] = outcome.final;
        learn(question, outcome, providers);
      }
      for (const { verdict, votes } of outcome.verdict?.juries ?? [])
        judgeVote(monitor, { domain: question.domain, finalAt: now, verdict, votes });
    }
    if ((index + 1) % settings.scanEvery === 0 || index + 1 === settings.questions) {
      clusters = findClusters(monitor, limits, { origins: originsOf(providers), guilty: [] });
      mark(providers, clusters, index + 1);
    }
  }
  const seats = settings.rotating
    ? seat(providers, settings.seats, random)
    : providers.slice(0, settings.seats);
  return { settings, ledger, providers, monitor, clusters, bribeCost: quorumPrice(seats, settings, seen) };
}

type Outcome = {
  answers: readonly Answer[];
  /** What a quorum signed first; null when none did. */
  reported: number | null;
  final: number;
  verdict: Verdict | null;
  bribes: ReadonlyMap<number, number>;
  signers: ReadonlySet<number>;
  weights: ReadonlyMap<number, number>;
};

type Belief = { overturned: number; wrong: number };

function resolve(
  question: Question,
  seated: readonly Provider[],
  weights: readonly number[],
  everybody: readonly Provider[],
  settings: Settings,
  ledger: Ledger,
  seen: Belief,
  last: readonly number[],
  random: Random,
): Outcome {
  const belief = settings.ladder ? seen.overturned / seen.wrong : 0;
  const prize = question.value * PRIZE;
  const bought = question.attack === "bribe" ? bribe(seated, weights, prize, belief) : null;
  const answers = answersOf(question, seated, bought, at(last, question.domain), random);
  const weightOf = new Map(seated.map(({ id }, index) => [id, weights[index] ?? 0]));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const tally = new Map<number, number>();
  for (const { provider, value } of answers)
    tally.set(value, (tally.get(value) ?? 0) + (weightOf.get(provider) ?? 0));
  const ranked = [...tally].toSorted((a, b) => b[1] - a[1]);
  const [leading, weight] = ranked[0] ?? [INVALID, 0];
  const reported = weight > QUORUM * total ? leading : null;
  const signers = new Set(
    answers.filter(({ value }) => reported !== null && value === reported).map(({ provider }) => provider),
  );
  const wanted = question.attack === "none" ? null : question.plausible;
  const buys = (provider: Provider, loss: number): boolean => {
    if (question.attack === "collusion") return provider.kind === "colluding";
    if (provider.kind !== "bribed" || question.attack !== "bribe") return false;
    // Seats keep what they were bought for; a juror is offered his part of what is left for a jury of nine.
    return weightOf.has(provider.id) ? bought?.offers.has(provider.id) === true : (prize * 0.25) / 6 > loss;
  };
  const base = { answers, reported, bribes: bought?.offers ?? new Map(), signers, weights: weightOf };
  if (wanted !== null && question.attack !== "none") {
    ledger.attacks[question.attack].tried += 1;
    if (reported === wanted) ledger.attacks[question.attack].reported += 1;
  }
  if (reported === null) ledger.noQuorum += 1;
  else if (reported !== question.truth) ledger.wrongReports += 1;
  if (!settings.ladder) return { ...base, final: reported ?? INVALID, verdict: null };

  const challenge = challenged(question, reported, random);
  if (reported !== null && challenge === null) return { ...base, final: reported, verdict: null };
  // Without a quorum the two values with most weight go to the same ladder, and nobody pays a deposit.
  const answer = reported ?? leading;
  const claim = challenge?.claim ?? ranked[1]?.[0] ?? question.truth;
  const contested: Case = { question, answer, claim, signers, seated, weights, wanted, bought: buys };
  if (reported !== null) {
    ledger.disputes += 1;
    if (reported === question.truth) ledger.unfounded += 1;
    else seen.wrong += 1;
  }
  const verdict = decide(contested, everybody, settings, ledger, random);
  ledger.endedAt[verdict.endedAt] += 1;
  if (reported !== null && reported !== question.truth && verdict.final !== reported) seen.overturned += 1;
  return { ...base, final: verdict.final, verdict };
}

/** Whether somebody disputes, and what he says instead. */
function challenged(question: Question, reported: number | null, random: Random): { claim: number } | null {
  if (reported === null) return null;
  if (reported === question.truth) return random() < UNFOUNDED ? { claim: question.plausible } : null;
  if (random() >= watched(question.value)) return null;
  // He comes later than the providers and sees what they did not.
  const mine = look(question, { skill: 1, source: null }, WATCHER_CARE, random).value;
  // Who finds the question hard is less sure than a disputer must be.
  if (mine === reported || 1 - question.error * WATCHER_CARE < BREAK_EVEN) return null;
  return { claim: mine };
}

/** Moves the money of one question. */
function account(
  question: Question,
  outcome: Outcome,
  providers: readonly Provider[],
  ledger: Ledger,
  settings: Settings,
): void {
  const { final, reported, verdict, answers, weights, signers } = outcome;
  ledger.questions += 1;
  const prize = question.value * PRIZE;
  if (final === INVALID) ledger.invalids += 1;
  else {
    const right = answers.filter(({ value }) => value === final);
    const rightWeight = right.reduce((sum, { provider }) => sum + (weights.get(provider) ?? 0), 0);
    for (const { provider } of right) {
      const one = at(providers, provider);
      const pay = (feeOf(question.value) * PROVIDERS_PART * (weights.get(provider) ?? 0)) / rightWeight;
      one.earned += pay;
      ledger.byKind[one.kind].fees += pay;
    }
    if (final !== question.truth) {
      ledger.wrongFinals += 1;
      ledger.harm += prize;
      if (question.attack !== "none" && final === question.plausible) {
        ledger.attacks[question.attack].won += 1;
        ledger.prizes[question.attack] += prize;
        shareOut(question, prize, providers, ledger);
      }
    }
  }
  for (const [provider, offer] of outcome.bribes) {
    const one = at(providers, provider);
    one.earned += offer;
    ledger.byKind[one.kind].bribes += offer;
    ledger.bribes += offer;
  }
  if (!verdict || reported === null) return;
  const deposit = depositOf(question.value, settings.deposit, 0);
  if (final === reported) {
    ledger.deposits.disputers -= deposit;
    ledger.insurance += deposit * 0.25;
    return;
  }
  ledger.deposits.disputers += final === INVALID ? 0 : deposit * 0.5;
  if (final === INVALID) return;
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const wrong = [...signers].reduce((sum, id) => sum + (weights.get(id) ?? 0), 0);
  const day = (question.index * YEAR_DAYS) / YEAR_QUESTIONS;
  for (const id of signers) {
    const one = at(providers, id);
    if (question.early) {
      const part = (deposit * TOO_EARLY_PART) / signers.size;
      ledger.deposits.disputers += slash(ledger, one, Math.min(1, part / one.stake));
      continue;
    }
    if (day - one.offendedOn > SERIES_DAYS) one.offences = 0;
    ledger.deposits.disputers += slash(ledger, one, overturnedSlash(wrong / total, one.offences));
    one.offences += 1;
    one.offendedOn = day;
  }
}

function shareOut(question: Question, prize: number, providers: readonly Provider[], ledger: Ledger): void {
  if (question.attack !== "collusion") return;
  const clique = providers.filter(({ kind }) => kind === "colluding");
  for (const one of clique) one.earned += prize / clique.length;
  ledger.byKind.colluding.prizes += prize;
}

/** Reputation at finality: by the information of the question, losses three times gains (6.6). */
function learn(question: Question, outcome: Outcome, providers: readonly Provider[]): void {
  const counts = new Map<number, number>();
  for (const { value } of outcome.answers) counts.set(value, (counts.get(value) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) {
    const share = count / outcome.answers.length;
    entropy -= share * Math.log2(share);
  }
  const u = information(entropy, question.market);
  for (const { provider, value } of outcome.answers) {
    const one = at(providers, provider);
    if (value === outcome.final) one.right += u;
    else one.wrong += WRONG_FACTOR * u;
  }
}

/** A new epoch. */
function renew(providers: readonly Provider[]): void {
  const days = (EPOCH * YEAR_DAYS) / YEAR_QUESTIONS;
  const left = 2 ** (-days / HALF_LIFE);
  for (const one of providers) {
    one.right *= left;
    one.wrong *= left;
    // What was slashed is put back, or the seat would be lost: the loss is in the ledger.
    one.stake = one.wanted;
    one.factor = reputationFactor(one.right, one.wrong);
  }
}

const weigh = (seated: readonly Provider[], { monitor }: Settings): number[] =>
  seatWeights(
    seated.map(({ stake, factor, cluster }) => ({ stake, factor, cluster: monitor ? cluster : null })),
  );

/** So many of all, each as likely as any other. */
function seat(providers: readonly Provider[], seats: number, random: Random): Provider[] {
  const order = [...providers];
  for (let place = 0; place < seats; place += 1) {
    const other = place + below(random, order.length - place);
    [order[place], order[other]] = [at(order, other), at(order, place)];
  }
  return order.slice(0, seats);
}

/** Clusters are reversible: who is no longer in one is free again. */
function mark(providers: readonly Provider[], clusters: readonly Cluster[], index: number): void {
  for (const one of providers) one.cluster = null;
  for (const [number, { members, step }] of clusters.entries())
    for (const id of members) {
      const one = at(providers, id);
      one.cluster = number;
      one.step = Math.max(one.step, step);
      one.foundAt ??= index;
    }
}

/** The cheapest two thirds of the weight, each for what he expects to lose, over the largest prize that the stake secures. */
function quorumPrice(seated: readonly Provider[], settings: Settings, seen: Belief): number {
  const belief = settings.ladder ? seen.overturned / seen.wrong : 0;
  const weights = weigh(seated, settings);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const offers = seated
    .map((provider, index) => ({ weight: weights[index] ?? 0, price: expectedLoss(provider, belief) }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => a.price / a.weight - b.price / b.weight);
  let left = QUORUM * total;
  let price = 0;
  for (const offer of offers) {
    if (left <= 0) break;
    price += offer.price;
    left -= offer.weight;
  }
  const stake = seated.reduce((sum, one) => sum + one.stake, 0);
  return price / (secured(QUORUM * stake) * PRIZE);
}
