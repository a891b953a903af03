import type { UnixSeconds } from "@sooth/kernel";
import { plurality, sumOfWeights, weightedLowerMedian } from "../../aggregate.ts";
import { errorUnit } from "../../watch/judge.ts";
import type { EventSeverity, SecurityEvent } from "../event.ts";

/** What somebody says to a question, by his own report or as the model says whom he asks. */
export type SaidRow = {
  question: string;
  provider: string;
  value: bigint;
  /** 0 of what a source says that is a model: its reader's own weight stands behind his report. */
  weight: bigint;
  /** By which model: a provider's family or a source's name. Null: a person. */
  model: string | null;
};
/** A question that was answered, or that nobody may answer any more. */
export type SaidQuestion = {
  question: string;
  /** Values are outcomes to be counted, not sizes. */
  counted: boolean;
  /** Absolute: what is taken for the same, and a thousandth where there is less. */
  tolerance: bigint;
  /** Of the signer set. */
  totalWeight: bigint;
  at: UnixSeconds;
};

/** Of all weight: with more than this part, models that disagree double the window by themselves. Source: IOracle.sol. */
const DOUBLES = 5n;

/**
 * Language models say something else than people do, or than each other where no person has spoken. Nothing follows from it: a
 * model is a witness. But where it happens, the documents say two things, or a page talks a model into something, and people
 * should read them while the answer may still be objected to. It is worse when the models change what the answer is.
 */
export function witnessDisagreement(
  questions: readonly SaidQuestion[],
  rows: readonly SaidRow[],
): SecurityEvent[] {
  const said = Map.groupBy(rows, ({ question }) => question);
  return questions.flatMap(({ question, counted, tolerance, totalWeight, at }): SecurityEvent[] => {
    const mine = said.get(question) ?? [];
    const models = mine.filter(({ model }) => model !== null);
    const people = mine.filter(({ model }) => model === null);
    const leading = (among: readonly SaidRow[]): bigint =>
      counted ? plurality(among).value : weightedLowerMedian(among);
    const others = people.length > 0 ? people : models;
    if (models.length === 0 || others.length === 0) return [];
    const lead = leading(others);
    const unit = counted ? 0n : errorUnit(lead, tolerance);
    const isLead = (value: bigint): boolean => (value < lead ? lead - value : value - lead) <= unit;
    const against = models.filter(({ value }) => !isLead(value));
    if (against.length === 0) return [];
    const weight = sumOfWeights(against);
    const all = leading(mine);
    const severity = severityOf({
      turned: people.length > 0 && !isLead(all),
      heavy: weight * DOUBLES > totalWeight,
      alone: people.length === 0,
    });
    return [
      {
        rule: "witness-disagreement",
        severity,
        subject: question,
        evidence: {
          against: String(against.length),
          models: String(models.length),
          people: String(people.length),
          weight: String(weight),
          totalWeight: String(totalWeight),
          lead: String(lead),
          all: String(all),
          said: against
            .map(({ provider, model, value }) => `${provider} (${model}) ${value}`)
            .toSorted()
            .join(", "),
        },
        at,
      },
    ];
  });
}

/** `turned`: without the models the answer would be another. `alone`: no person says which of them is right. */
function severityOf({ turned, heavy, alone }: Record<"turned" | "heavy" | "alone", boolean>): EventSeverity {
  if (turned) return 4;
  return heavy || alone ? 3 : 2;
}
