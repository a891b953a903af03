import { type Hex, sameAddress } from "@sooth/kernel";
import type { Note } from "@sooth/oracle/core";
import { labelledOf } from "../analyst/largest.ts";
import { readSheet, type LabelSheet } from "../analyst/sheet.ts";
import { textHash } from "../opinions/terms.ts";
import type { ProvenOpinions } from "./opinion-ledger.ts";
import { heldAt } from "./opinions-entered.ts";

/** What a provider's evidence says that its score came from: the sheet of all labels, by the SHA-256 of its text. */
export type SheetClaim = {
  seat: number;
  sheet: Hex;
  /** What the evidence says that the sheet came to, decimal. */
  said: string | null;
  /** What the provider signed, in hundredths. */
  signed: bigint;
  /** Whether nothing else that it read counted: then what it signed is the sheet's score. */
  alone: boolean;
};

const HUNDREDTHS = 100n;

/**
 * Each provider's labels: that the sheet hashes to its name, that its score, confidence and root follow from its labels and
 * stakes, that those stakes are the market's, all of them or the largest with the sum of the rest, that it has labels of as many
 * families of models and as much confidence as the question wants, and that the score is what the provider signed. `texts`: by their
 * true SHA-256. `moment`: when the opinions were looked at, unix seconds.
 */
export function checkSheets(
  claims: readonly SheetClaim[],
  o: {
    book: ProvenOpinions;
    texts: ReadonlyMap<Hex, string>;
    moment: number;
    chainId: number;
    contract: string;
    /** From how many families of models each provider must have labels. */
    families: number;
    /** What confidence each provider's labels must come to, in ten-thousandths. */
    confidence: number;
  },
  note: Note,
): void {
  const { book, texts } = o;
  for (const claim of claims) {
    const { seat, sheet: hash } = claim;
    const text = texts.get(hash);
    if (text === undefined) {
      note.tell(`no sheet ${hash} was given for seat ${seat}: its labels are not checked`);
      continue;
    }
    const read = readSheet(text);
    if (textHash(text) !== hash) note.differ(`the sheet of seat ${seat} does not hash to ${hash}`);
    else if ("complaint" in read) note.differ(`the sheet of seat ${seat} does not hold: ${read.complaint}`);
    else checkSheet(claim, read.sheet, o, note);
  }
  const opinions = [...book.opinions.values()];
  const given = opinions.filter(({ opinion }) => texts.has(opinion)).length;
  if (given > 0)
    note.tell(
      `${given} of ${opinions.length} opinions were given as texts that hash to what was staked with`,
    );
}

function checkSheet(
  { seat, said, signed, alone }: SheetClaim,
  sheet: LabelSheet,
  o: {
    book: ProvenOpinions;
    moment: number;
    chainId: number;
    contract: string;
    families: number;
    confidence: number;
  },
  note: Note,
): void {
  const { book } = o;
  const about = `the sheet of seat ${seat}`;
  const { terms } = book;
  const isOfMarket =
    sheet.market === book.id &&
    sheet.chainId === o.chainId &&
    sameAddress(sheet.contract, o.contract) &&
    sheet.question === terms?.question &&
    sheet.statement === terms.statement &&
    sheet.rubric === terms.rubric;
  if (!isOfMarket) note.differ(`${about} is of another market, statement or rubric`);
  const all = heldAt(book, o.moment).map((one) => ({ ...one, staked: one.amount }));
  const { positions, rest } = labelledOf(book.id, all);
  const held = positions.map(({ owner, band, amount, opinion }) => `${owner} ${band} ${amount} ${opinion}`);
  const labelled = sheet.positions.map(
    ({ owner, band, staked, opinion }) => `${owner} ${band} ${staked} ${opinion}`,
  );
  const its = new Set(labelled);
  const missing = held.filter((one) => !its.has(one)).length;
  if (missing > 0 || held.length !== labelled.length)
    note.differ(
      `${about} has ${labelled.length} opinions, ${missing} of the market's ${held.length} are not among them`,
    );
  const left = { opinions: sheet.rest?.opinions ?? 0, staked: sheet.rest?.staked ?? "0" };
  if (left.opinions !== rest.opinions || left.staked !== String(rest.staked))
    note.differ(
      `${about} leaves out ${left.opinions} opinions with ${left.staked}, the market has ${rest.opinions} more with ${rest.staked}`,
    );
  const { score, confidence, analysts, families } = sheet;
  const names = analysts.map(({ analyst, model }) => `${analyst} (${model})`).join(", ");
  const voices = families.map(({ family, scoreBps }) => `${family} ${scoreBps}`).join(", ");
  note.tell(
    `${about}: ${labelled.length} labels each of ${names} come to ${score}, confidence ${confidence}, by family in basis points ${voices}, under root ${sheet.root}`,
  );
  if (families.length < o.families)
    note.differ(
      `${about} has labels of ${families.length} families of models, its question wants ${o.families}`,
    );
  else if (o.families > 1)
    note.tell(`${about} has labels of as many families of models as its question wants`);
  if (confidence < o.confidence)
    note.differ(`${about} has a confidence of ${confidence}, its question wants ${o.confidence}`);
  else if (o.confidence > 0)
    note.tell(`${about} has the confidence that its question wants, ${o.confidence}`);
  note.compare(`score of seat ${seat}'s labels, as its evidence says`, score, Number(said ?? Number.NaN));
  const inHundredths = BigInt(score) * HUNDREDTHS;
  if (alone) note.compare(`score of seat ${seat}'s labels in hundredths, as it signed`, inHundredths, signed);
  else note.tell(`seat ${seat} signed ${signed}, of other sources too`);
}
