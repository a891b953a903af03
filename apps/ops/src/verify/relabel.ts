import { type Address, canonicalJson, type Hex, need } from "@sooth/kernel";
import type { Analyst } from "@sooth/markets";
import { type Label, type LabelSheet, labelToWire } from "@sooth/markets/core";
import type { Note } from "@sooth/oracle/core";

/** Nobody had the text then: a label that says so is not for a model to say. */
const NO_TEXT = "no_text";

/**
 * An analyst that needs no vendor says the same on every machine. What sheets have of its labels is worked out again from the texts
 * and compared, whole; labels by another model or prompt are told, and not judged.
 * @param sheets with the seats that answered by them
 * @param texts by their true SHA-256
 */
export async function checkLabelsAgain(
  sheets: readonly { seat: number; sheet: LabelSheet }[],
  o: { statement: string; texts: ReadonlyMap<Hex, string>; analyst: Analyst },
  note: Note,
): Promise<void> {
  const { analyst, texts } = o;
  const wanted = sheets.flatMap(({ sheet }) => sheet.positions.map(({ opinion }) => opinion as Hex));
  const known = [...new Set(wanted)].filter((hash) => texts.has(hash));
  const asked = { statement: o.statement, texts: known.map((hash) => need(texts.get(hash), hash)) };
  const market = need(sheets[0], "a sheet").sheet.market as Hex;
  const said = await analyst.label({ market, ...asked }, AbortSignal.any([]));
  if (!said.done) throw new Error(said.why);
  const again = new Map(known.map((hash, index) => [hash, need(said.labels[index], `label of ${hash}`)]));
  for (const { seat, sheet } of sheets)
    for (const its of sheet.analysts) {
      const about = `labels of ${its.analyst} (${its.model}) by seat ${seat}`;
      if (its.analyst !== analyst.analyst || its.model !== analyst.model || its.prompt !== analyst.prompt)
        note.tell(`${about} are of a model that is not run here`);
      else compare(about, sheet, its.labels, again, note);
    }
}

function compare(
  about: string,
  { positions }: LabelSheet,
  labels: LabelSheet["analysts"][number]["labels"],
  again: ReadonlyMap<Hex, Label>,
  note: Note,
): void {
  let same = 0;
  let without = 0;
  for (const [index, label] of labels.entries()) {
    const { owner, opinion } = need(positions[index], "a position of a label");
    const here = again.get(opinion as Hex);
    if (here === undefined || label.reason === NO_TEXT) without++;
    else if (canonicalJson(labelToWire(owner as Address, here)) === canonicalJson(label)) same++;
    else
      note.differ(
        `${about}: of ${owner} it says stance ${label.stance}, quality ${label.quality}, ${kept(label.keep)}; worked out again they are ${here.stance}, ${here.quality}, ${kept(here.rejection === null)}`,
      );
  }
  note.tell(
    `${about}: ${same} of ${labels.length} come out the same again${without === 0 ? "" : `, ${without} without a text`}`,
  );
}

const kept = (keep: boolean): string => (keep ? "kept" : "not kept");
