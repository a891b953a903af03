import type { LabelSheet } from "../analyst/sheet.ts";
import { differ, type RelabelledOpinion, type SheetDifference } from "./wire-relabel.ts";

/** Opinions of a market that are labelled again at the most: it runs in the server that answers everybody. */
export const MOST_RELABELLED = 2_000;
/** Opinions that are told of each sheet, those of the largest stakes. */
export const MOST_DIFFERENCES = 100;

/**
 * Where two sheets of one market say something else of an opinion. Each analyst is compared with the one of the same name; where the
 * other sheet has none such, with its first: a member wants to know what another model says. Largest stakes first.
 */
export function differenceOf(
  own: Pick<LabelSheet, "analysts" | "positions">,
  theirs: Pick<LabelSheet, "analysts">,
): Pick<SheetDifference, "analysts" | "differing" | "opinions"> {
  const stakes = new Map(own.positions.map(({ owner, staked }) => [owner.toLowerCase(), BigInt(staked)]));
  const opinions: RelabelledOpinion[] = [];
  const differing = new Set<string>();
  const analysts = own.analysts.map(({ analyst, model, prompt, labels }) => {
    const against = theirs.analysts.find((one) => one.analyst === analyst) ?? theirs.analysts[0];
    const said = new Map(against?.labels.map((label) => [label.owner.toLowerCase(), label]));
    let compared = 0;
    let others = 0;
    for (const { owner, ...ours } of labels) {
      const label = said.get(owner.toLowerCase());
      if (label) compared += 1;
      if (label && !differ(ours, label)) continue;
      others += 1;
      differing.add(owner.toLowerCase());
      opinions.push({ owner, analyst, ours: shown(ours), theirs: label ? shown(label) : null });
    }
    return {
      analyst,
      model,
      against: against ? { analyst: against.analyst, model: against.model } : null,
      isSame: against?.model === model && against.prompt === prompt,
      compared,
      differing: others,
    };
  });
  const staked = ({ owner }: RelabelledOpinion) => stakes.get(owner.toLowerCase()) ?? 0n;
  const largest = opinions.toSorted((a, b) => (staked(a) === staked(b) ? 0 : staked(a) > staked(b) ? -1 : 1));
  return { analysts, differing: differing.size, opinions: largest.slice(0, MOST_DIFFERENCES) };
}

const shown = ({ stance, quality, keep, reason }: NonNullable<RelabelledOpinion["theirs"]>) => ({
  stance,
  quality,
  keep,
  reason,
});
