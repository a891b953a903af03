import { type Address, canonicalJson, type Hex, need } from "@sooth/kernel";
import { concatHex, keccak256, slice, stringToHex } from "viem";
import { INVALID, isSentinel } from "../answer-word.ts";
import { type EndedQuestion, signedValues } from "../economy/final-question.ts";
import { errorUnit } from "../watch/judge.ts";
import { figureError } from "./figure-error.ts";
import { linkedGroups } from "./linked-groups.ts";
import { addMarks, createSharing, linkedPairs, type SharedPair, sharedPairs } from "./sharing.ts";
import { type Limits, limitsWith } from "./thresholds.ts";

/**
 * Who shares one cap from the next signer set on (step 1), by what stands in logs alone: each signed value of each final question,
 * in the answer or logged because it was left out. What only a server has, as evidence and times of receipt, is not looked
 * at, so whoever has the logs finds the same clusters, and a record that says others is a wrong root.
 */

/** `number`: what records say of its members. `evidence`: canonical JSON and its keccak256. */
export type PeriodCluster = {
  number: number;
  /** Lower case, ascending. */
  members: readonly Address[];
  evidence: { text: string; hash: Hex };
};

export type PeriodSpan = { chainId: number; since: number; until: number };

/** Links of a cluster that its evidence names; whoever recomputes finds all. */
const MOST_LINKS = 500;

/**
 * The clusters of a period, by number; the same for every domain, since whoever errs together does so wherever he is asked.
 * @param ended final questions of all domains, in any order; those that became final after `since` and not after `until` count
 */
export function periodClusters(
  { chainId, since, until }: PeriodSpan,
  ended: readonly EndedQuestion[],
  limits: Limits = limitsWith(),
): PeriodCluster[] {
  const questions = ended
    .filter(({ terms, value }) => terms.aggregation !== "root" && value !== INVALID)
    .filter(({ finalAt }) => finalAt > since && finalAt <= until)
    .toSorted((a, b) => a.finalAt - b.finalAt || compare(a.id.toLowerCase(), b.id.toLowerCase()))
    .map((question) => ({ question, signed: signedValues(question) }));
  // Sums of doubles depend on their order, so order is a matter of the logs and of nothing else.
  const owners = [...new Set(questions.flatMap(({ signed }) => [...signed.keys()]))].toSorted(compare);
  const numberOf = new Map(owners.map((owner, number) => [owner, number]));
  const domains = [...new Set(questions.map(({ question }) => question.terms.domain))].toSorted(
    (a, b) => a - b,
  );
  const sharing = createSharing(owners.length, domains.length);
  for (const { question, signed } of questions) {
    const markOf = marking(question);
    const answers = [...signed].map(([owner, value]) => ({
      provider: need(numberOf.get(owner), `the number of ${owner}`),
      mark: markOf(value),
      excuse: null,
    }));
    addMarks(
      sharing,
      domains.indexOf(question.terms.domain),
      answers.toSorted((a, b) => a.provider - b.provider),
    );
  }
  const links = linkedPairs(sharedPairs(sharing, limits), limits);
  const ownerOf = (number: number): Address => need(owners[number], `provider ${number}`) as Address;
  const strongestFirst = links.toSorted((x, y) => x.p - y.p || y.t - x.t || x.a - y.a || x.b - y.b);
  return linkedGroups(strongestFirst.map(({ a, b }) => [a, b] as const))
    .map((group): PeriodCluster => {
      const inside = new Set(group);
      const members = group.map(ownerOf);
      const text = canonicalJson({
        version: 1,
        kind: "period-cluster",
        chainId,
        window: { since, until, questions: sharing.questions },
        members,
        ...linksOf(
          links.filter(({ a, b }) => inside.has(a) && inside.has(b)),
          ownerOf,
        ),
        limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)])),
      });
      return {
        number: numberOfCluster(members),
        members,
        evidence: { text, hash: keccak256(stringToHex(text)) },
      };
    })
    .toSorted((a, b) => a.number - b.number);
}

/** By owner in lower case, as {@link EpochInput} takes them. */
export const clustersByOwner = (
  clusters: readonly Pick<PeriodCluster, "number" | "members">[],
): Map<string, number> =>
  new Map(clusters.flatMap(({ number, members }) => members.map((owner) => [owner, number] as const)));

/* INSIDE */

/** Null for who was right. Errors of figures are one when they fall into one bucket as wide as what counts as right. */
function marking({ terms, value: answer }: EndedQuestion): (value: bigint) => bigint | null {
  if (terms.aggregation !== "median") return (value) => (value === answer ? null : value);
  const tolerance = terms.tolerance > 0n ? terms.tolerance : errorUnit(answer, 0n);
  return (value) => (isSentinel(value) ? value : figureError(value, answer, tolerance));
}

/** Follows from the members, so that a cluster that stays as it is is no news. Zero is whoever stands alone. */
const numberOfCluster = (members: readonly Address[]): number =>
  Number(slice(keccak256(concatHex([...members])), 0, 4)) || 1;

const linksOf = (links: readonly SharedPair[], ownerOf: (number: number) => Address) => ({
  links: links.slice(0, MOST_LINKS).map(({ a, b, common, shared, expected, t, p }) => ({
    a: ownerOf(a),
    b: ownerOf(b),
    figures: {
      common: String(common),
      shared: String(shared),
      expected: figure(expected),
      t: figure(t),
      p: figure(p),
    },
  })),
  linksInAll: links.length,
});

/** Six significant digits as text, the same wherever it is computed. */
const figure = (value: number): string => String(Number(value.toPrecision(6)));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
