import { at } from "@sooth/kernel";
import { type Provider, SOURCES } from "./population.ts";
import { below, type Random } from "./random.ts";
import type { Settings } from "./settings.ts";

export const DOMAINS = 4;
const MISLEADING = 0.85;
/** Share of the misleading questions that are misleading because it is too early: 20 of 24 wrong proposals measured elsewhere. */
const EARLY = 0.83;
/**
 * Share of the questions of each difficulty, and how often somebody of usual skill errs on them. The last are those whose
 * evidence misleads everybody at first, as an event that seems over and is not.
 */
const TIERS = [
  { upTo: 0.8, error: 0.003, market: 0.05 },
  { upTo: 0.95, error: 0.04, market: 0.4 },
  { upTo: 0.997, error: 0.2, market: 0.9 },
  { upTo: 1, error: MISLEADING, market: 0.9 },
];
const MOST_ERROR = 0.9;
/** The first outcome is the usual one: most things do not happen. */
const USUAL = 0.65;
/** Share of the mistakes that fall for the same plausible wrong outcome. */
const PLAUSIBLE = 0.7;
const LEAST_VALUE = 1_000;

export type Question = {
  index: number;
  domain: number;
  outcomes: number;
  truth: number;
  /** The wrong outcome that most who err fall for, and that an attacker wants. */
  plausible: number;
  error: number;
  /** Entropy of the market at opening, 0..1. */
  market: number;
  /** The wrong answer is right but for its time: the verdict is "too early", and the question opens again. */
  early: boolean;
  /** Value at stake, dollars. */
  value: number;
  attack: "none" | "bribe" | "collusion";
  /** What each public source says. */
  sources: readonly number[];
};

export function ask(index: number, settings: Settings, most: number, random: Random): Question {
  const draw = random();
  const tier = at(
    TIERS,
    TIERS.findIndex(({ upTo }) => draw < upTo),
  );
  const outcomes = random() < 0.6 ? 2 : 3 + below(random, 3);
  const truth = random() < USUAL ? 0 : 1 + below(random, outcomes - 1);
  const plausible = wrongOf(truth, outcomes, random);
  const value = LEAST_VALUE * Math.max(1, most / LEAST_VALUE) ** random();
  const picked = random();
  return {
    index,
    domain: below(random, DOMAINS),
    outcomes,
    truth,
    plausible,
    error: tier.error,
    market: tier.market,
    early: tier.error === MISLEADING && random() < EARLY,
    value,
    attack: picked < settings.attacked / 2 ? "collusion" : picked < settings.attacked ? "bribe" : "none",
    sources: Array.from({ length: SOURCES }, () => (random() < settings.sourceFails ? plausible : truth)),
  };
}

const wrongOf = (truth: number, outcomes: number, random: Random): number =>
  (truth + 1 + below(random, outcomes - 1)) % outcomes;

/** What an honest look gives; `care` below 1 is a second look with both sides' arguments. */
export function look(
  question: Question,
  provider: Pick<Provider, "skill" | "source">,
  care: number,
  random: Random,
): { value: number; source: number | null } {
  const { source } = provider;
  // A second look does not rest on the one source that is in question.
  if (source !== null && care === 1) {
    const said = at(question.sources, source);
    if (said !== question.truth) return { value: said, source };
  }
  if (random() >= Math.min(MOST_ERROR, question.error * provider.skill * care))
    return { value: question.truth, source: null };
  const value =
    random() < PLAUSIBLE ? question.plausible : wrongOf(question.truth, question.outcomes, random);
  return { value, source: null };
}
