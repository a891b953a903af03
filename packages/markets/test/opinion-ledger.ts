import type { Address, Amount, Bps, Hex } from "@sooth/kernel";
import {
  questionId,
  type QuestionSchema,
  schemaHash,
  schemaText,
  type Terms,
  termsToChain,
} from "@sooth/oracle/core";
import { opinionMarketId, type OpinionTerms, opinionTermsToChain, textHash } from "../src/core/index.ts";
import { addresses, type Emitted, emitted, person, START } from "./ledger.ts";
import { readsOpinions } from "./reads-opinions.ts";

let nonce = 1_000_000n;
export type Announced = { terms: OpinionTerms; id: Hex; question: Terms; logs: Emitted[] };

/** A question of the kind score that `asker` asks. */
export function scoreQuestion({ asker, opensAt }: { asker: Address; opensAt: number }): {
  question: Terms;
  schema: QuestionSchema;
} {
  const schema = readsOpinions(addresses.opinions, opensAt);
  nonce += 1n;
  const question: Terms = {
    asker,
    schema: schemaHash(schemaText(schema)),
    aggregation: "median",
    min: 0n,
    max: 10_000n,
    tolerance: 500n,
    opensAt,
    deadline: opensAt + 1_000,
    liveness: 60,
    reward: 0n,
    nonce,
    domain: 0,
    endsEarly: false,
    secures: 1_000_000_000n,
  };
  return { question, schema };
}

/** A score question and an opinion market on it, with the logs that make them. */
export function announceMarket(o: Partial<OpinionTerms> & { text?: string } = {}): Announced {
  const { text = "Cities should close their centres to private cars", ...some } = o;
  const closesAt = o.closesAt ?? START + 1_000;
  const opensAt = closesAt + (o.revealSeconds ?? 0);
  const { question, schema } = scoreQuestion({ asker: person(900), opensAt });
  const id = questionId(question);
  const terms: OpinionTerms = {
    question: id,
    statement: textHash(text),
    rubric: textHash("rubric"),
    creator: person(901),
    closesAt,
    revealSeconds: 0,
    quietSeconds: 0,
    feeBps: 200 as Bps,
    prizeBps: 1_000 as Bps,
    prizes: 2,
    minConfidence: 6_000,
    rule: "fourth",
    leastStake: 1n as Amount,
    mostStake: 1_000_000n as Amount,
    quietMost: 1_000_000n as Amount,
    ...some,
  };
  const market = opinionMarketId(terms);
  const asked = emitted.oracle("Asked", {
    question: id,
    asker: question.asker,
    terms: termsToChain(question),
    schema: schemaText(schema),
  });
  const announced = emitted.opinions("Announced", {
    market,
    question: id,
    terms: opinionTermsToChain(terms),
    statement: text,
  });
  return { terms, id: market, question, logs: [asked, announced] };
}

export const opined = (
  market: Hex,
  owner: Address,
  band: number,
  amount: number,
  text = "I think so",
): Emitted => emitted.opinions("Staked", { market, owner, band, amount, opinion: textHash(text) });
