import { pauseAt, pauseMark } from "../disputes/court-clock.ts";
import type { ProvenQuestion } from "./answers.ts";
import type { Note } from "./note.ts";
import type { OracleReplay } from "./oracle-replay.ts";
import type { OracleLogOf } from "./proof-log.ts";
import { bitsOf, HELD, heldWord, TIME } from "./word-bits.ts";

/** The longest pause, and the shortest time between two. Source: Guard.sol. */
const MOST_PAUSE = 72 * 3_600;
const COOL_DOWN = 72 * 3_600;

/** A pause stops the court clock and keeps reports away; what it is of, the guard says for all and for each domain. */
export function keepPause(
  log: OracleLogOf<"Paused" | "DomainPaused">,
  { pauses, domainPauses }: OracleReplay,
  note: Note,
): void {
  const { at } = log;
  if (log.event === "DomainPaused") {
    const last = pauses.at(-1);
    if (last?.from !== at || last.until !== log.args.until)
      note.differ(`domain ${log.args.domain} is paused until ${log.args.until}, and no log pauses all`);
    return void domainPauses.set(log.args.domain, log.args.until);
  }
  const { number, until } = log.args;
  const last = pauses.at(-1);
  note.compare("number of the pause", pauses.length + 1, number);
  if (until - at > MOST_PAUSE) note.differ(`paused for ${until - at} seconds`);
  if (last && at < last.until + COOL_DOWN) note.differ(`paused at ${at}, too soon after ${last.until}`);
  return void pauses.push({ from: at, until });
}

/** An answer's finality moves by what is left of the pause, once for each. */
export function checkHeld(
  { args, at }: OracleLogOf<"Held">,
  question: ProvenQuestion,
  { pauses }: OracleReplay,
  note: Note,
): void {
  const pause = pauseAt(pauses, at);
  if (!pause) return note.differ("held, and there was no pause");
  const number = pauses.indexOf(pause) + 1;
  const { word, raw } = question;
  if ((word.state !== "answered" && word.state !== "root") || at >= word.finalizeAt)
    return note.differ("held, and there was no answer to hold");
  if (Number(bitsOf(raw, HELD)) === pauseMark(number)) note.differ(`held for pause ${number} before`);
  question.raw = heldWord(raw, number, pause.until - at);
  note.compare(`final at, held for pause ${number}`, Number(bitsOf(question.raw, TIME)), args.finalizeAt);
  return undefined;
}
