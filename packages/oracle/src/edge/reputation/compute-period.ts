import type { Store } from "@sooth/store";
import { clustersByOwner, type FinalQuestion, type PeriodRules, untilOf, workOut } from "../../core/index.ts";
import { clustersIn } from "./cluster-store.ts";
import { endedQuestions, type RecordDomain } from "./ended-questions.ts";
import {
  type Deeds,
  keepPeriod,
  periodBefore,
  periodOf,
  recordsOf,
  type StoredPeriod,
} from "./period-store.ts";

/** A period of a domain, worked out of the rows unless it was before; its end must be settled. */
export async function computePeriod(
  store: Store,
  chain: RecordDomain,
  rules: PeriodRules,
  { domain, number, now }: { domain: number; number: number; now: number },
): Promise<StoredPeriod> {
  const known = await periodOf(store.db, domain, number);
  if (known) return known;
  return store.transaction(async (tx) => {
    const before = await periodBefore(tx, domain, number);
    const previous = before ? await recordsOf(tx, domain, before.number) : [];
    const since = before?.until ?? rules.genesis;
    const until = untilOf(rules, number);
    const ended = await endedQuestions(tx, chain, { domain, since, until });
    const clusters = clustersByOwner(await clustersIn(tx, chain, rules, number));
    const worked = workOut(
      rules,
      { number, since, clusters },
      previous.map(({ record }) => record),
      ended,
    );
    const { questions, records, root } = worked;
    const period = { domain, number, since, until, root, questions: questions.length };
    await keepPeriod(tx, period, records, deedsIn(questions), now);
    return period;
  });
}

function deedsIn(questions: readonly FinalQuestion[]): Map<string, Deeds> {
  const deeds = new Map<string, Deeds>();
  for (const { owner, value, late } of questions.flatMap(({ reports }) => reports)) {
    const key = owner.toLowerCase();
    const { answered, missed } = deeds.get(key) ?? { answered: 0, missed: 0 };
    deeds.set(key, {
      answered: answered + (value === null ? 0 : 1),
      missed: missed + (value === null && !late ? 1 : 0),
    });
  }
  return deeds;
}
