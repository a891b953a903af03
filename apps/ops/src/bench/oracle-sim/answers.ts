import { at } from "@sooth/kernel";
import { overturnedSlash } from "./economy.ts";
import type { Provider } from "./population.ts";
import { normal, type Random } from "./random.ts";
import { look, type Question } from "./world.ts";

export type Answer = { provider: number; value: number; at: number; source: number | null };

/** Share of the questions on which a lazy provider does not look, and of assigned rounds that anybody misses. */
export const LAZY = 0.5;
const MISSED = 0.005;
/** A copier's delay behind his leader, ms. */
const COPY_LEAST = 200;
const COPY_SPREAD = 1_200;
/** Everybody waits for the same block, ms. */
const COMMON_DELAY = 1_500;

/** What a briber pays each, and who takes it: those whose expected loss it exceeds. */
export type Bribe = { offers: ReadonlyMap<number, number> };

/**
 * A briber spreads what he would win over the two thirds that he needs. `belief`: how often providers have seen a wrong
 * report overturned; with it comes the slash of one among two thirds.
 */
export function bribe(
  seated: readonly Provider[],
  weights: readonly number[],
  prize: number,
  belief: number,
): Bribe {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const offers = new Map<number, number>();
  for (const [index, provider] of seated.entries()) {
    if (provider.kind !== "bribed") continue;
    const offer = (prize * (weights[index] ?? 0)) / ((total * 2) / 3);
    if (offer > expectedLoss(provider, belief)) offers.set(provider.id, offer);
  }
  return { offers };
}

/** What signing with a bought quorum costs on average, dollars. */
export const expectedLoss = (provider: Provider, belief: number): number =>
  belief * provider.stake * overturnedSlash(2 / 3, provider.offences);

/** The answers of one round, in the order of `seated`; who misses it is left out. `last`: previous final of the domain. */
export function answersOf(
  question: Question,
  seated: readonly Provider[],
  bought: Bribe | null,
  last: number,
  random: Random,
): Answer[] {
  const common = COMMON_DELAY * random();
  const delayOf = ({ delay }: Provider): number => common + delay * Math.exp(0.5 * normal(random));
  const own = (provider: Provider): Answer => {
    const at = delayOf(provider);
    const { value, source } = look(question, provider, 1, random);
    return { provider: provider.id, value, at, source };
  };
  const first = seated.map((provider): Answer | null => {
    if (random() < MISSED) return null;
    switch (provider.kind) {
      case "copying":
        return null;
      case "lazy": {
        const answer = own(provider);
        if (random() >= LAZY) return answer;
        // One half always says the usual, the other repeats the last answer it saw.
        const value = provider.id % 2 === 0 ? 0 : last;
        return { ...answer, value: value < question.outcomes ? value : 0, source: null };
      }
      case "bribed":
        return bought?.offers.has(provider.id)
          ? { ...own(provider), value: question.plausible, source: null }
          : own(provider);
      case "colluding":
        return question.attack === "collusion"
          ? { ...own(provider), value: question.plausible, source: null }
          : own(provider);
      case "honest":
        return own(provider);
    }
  });
  const byId = new Map(first.flatMap((answer) => (answer ? [[answer.provider, answer] as const] : [])));
  return seated.flatMap((provider, index): Answer[] => {
    const answer = at(first as (Answer | null | undefined)[], index) ?? null;
    if (answer) return [answer];
    if (provider.kind !== "copying" || random() < MISSED) return [];
    const leader = provider.leader === null ? undefined : byId.get(provider.leader);
    if (!leader) return [own(provider)];
    return [
      {
        provider: provider.id,
        value: leader.value,
        at: leader.at + COPY_LEAST + COPY_SPREAD * random(),
        source: null,
      },
    ];
  });
}

/**
 * Who answers when, and what, where `read` says what each would say himself: a copier sends what his leader sent, after him;
 * who misses the round is left out.
 */
export function timesOf(
  seated: readonly Provider[],
  read: (provider: Provider) => { value: number; source: number | null },
  random: Random,
): Answer[] {
  const common = COMMON_DELAY * random();
  const own = (provider: Provider): Answer => ({
    provider: provider.id,
    at: common + provider.delay * Math.exp(0.5 * normal(random)),
    ...read(provider),
  });
  const first = seated.flatMap((provider) =>
    provider.kind === "copying" || random() < MISSED ? [] : [own(provider)],
  );
  const byId = new Map(first.map((answer) => [answer.provider, answer]));
  const copies = seated
    .filter(({ kind }) => kind === "copying")
    .filter(() => random() >= MISSED)
    .map((provider): Answer => {
      const leader = provider.leader === null ? undefined : byId.get(provider.leader);
      if (!leader) return own(provider);
      const at = leader.at + COPY_LEAST + COPY_SPREAD * random();
      return { provider: provider.id, value: leader.value, at, source: null };
    });
  return [...first, ...copies];
}
