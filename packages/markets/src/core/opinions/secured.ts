import type { Amount } from "@sooth/kernel";
import {
  baseWindow,
  familiesWanted,
  HIGHEST_WINDOW,
  mostSecured,
  type QuestionSchema,
  type Terms,
  USUAL_DOMAIN,
} from "@sooth/oracle/core";
import type { OpinionTerms } from "./terms.ts";

/** What an oracle's times to object are counted from: seconds, and smallest units of collateral in a whole one. */
export type Windows = { lowestWindow: number; unit: bigint };

/** Of the lowest window: four hours where that is half an hour. */
const REPORT_WINDOWS = 8;

/** Seconds from opening to deadline that a score takes on labels of several families of models. */
export const leastReportSeconds = ({ lowestWindow }: Pick<Windows, "lowestWindow">): number =>
  REPORT_WINDOWS * lowestWindow;

/** Seconds to object in to a score that secures so much, at least: the longest there are where several families of models are wanted. */
export const leastObjection = (secures: bigint, families: number, { lowestWindow, unit }: Windows): number =>
  families > 1 ? HIGHEST_WINDOW * lowestWindow : baseWindow(secures as Amount, unit, lowestWindow);

type Asked = Pick<Terms, "domain" | "secures" | "liveness" | "opensAt" | "deadline"> & {
  schema: Pick<QuestionSchema, "sources">;
};

/**
 * Why money on a market should not rest on this question's answer, or null. Neither contract asks for any of it: whoever asks names
 * who answers, how long they have, how long others may object, and what it secures, on which all that protects an answer hangs.
 * @param o.windows not given: how long there is to object and to report is not looked at
 * @param o.seated weight of all who sit in the question's domain; not given: not looked at
 */
export function securedComplaint(
  { domain, secures, liveness, opensAt, deadline, schema }: Asked,
  { mostStake }: Pick<OpinionTerms, "mostStake">,
  { windows, seated }: { windows?: Windows | undefined; seated?: bigint | undefined } = {},
): string | null {
  if (domain !== USUAL_DOMAIN)
    return `it is answered by whoever sits in domain ${domain}, not by the providers of ${USUAL_DOMAIN}`;
  if (secures < mostStake)
    return `its answer secures ${secures}, less than one may stake alone, which is ${mostStake}`;
  if (seated !== undefined && secures > mostSecured(seated as Amount))
    return `its answer secures ${secures}, and all providers together can answer for ${mostSecured(seated as Amount)}: no answer would come`;
  if (windows === undefined) return null;
  const families = familiesWanted(schema.sources);
  const least = leastObjection(secures, families, windows);
  if (liveness < least)
    return `there are ${liveness} seconds to object to its answer, and ${least} are wanted`;
  const toReport = leastReportSeconds(windows);
  if (families > 1 && deadline - opensAt < toReport)
    return `there are ${deadline - opensAt} seconds to answer it, and ${toReport} are wanted`;
  return null;
}

/**
 * What may still be staked until stakes are as much as the answer secures, in the collateral's smallest unit. Nothing where they are
 * more: who stakes by the contract alone is not held back.
 */
export const roomOf = (secures: bigint, staked: bigint): Amount =>
  (staked < secures ? secures - staked : 0n) as Amount;
