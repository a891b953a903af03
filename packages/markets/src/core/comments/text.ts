import { opinionComplaint } from "../content/text.ts";

/** What shows nothing by itself: white space, marks, joiners, letters that fill a place. */
const UNSEEN = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\p{M}\u2800]/gu;
/** Emoji and Persian join two letters with one of these; a run of them hides something. */
const HIDDEN_RUN = /[\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]{3,}/u;
/** Letters that nobody sees and machines read. Three flags are written with them. */
const TAGS = /[\u{E0000}-\u{E007F}]/u;
const FLAGS = /\u{1F3F4}\u{E0067}\u{E0062}[\u{E0061}-\u{E007A}]{3}\u{E007F}/gu;
/** Vietnamese and Hebrew stack two or three; twenty reach into the lines of others. */
const STACKED = /\p{M}{7,}/u;
const EMPTY_LINES = /\n(?:[^\S\n]*\n){4,}/u;

/**
 * What is wrong with a text as a comment, or null: the bounds of an opinion, and nothing that is not what it looks like. Control
 * characters and overrides of direction are the caller's to refuse, as in every text that people write.
 */
export function commentComplaint(text: string): string | null {
  const complaint = opinionComplaint(text);
  if (complaint !== null) return complaint;
  if (text.replace(UNSEEN, "") === "") return "it shows nothing";
  if (HIDDEN_RUN.test(text)) return "it holds a run of characters that nobody sees";
  if (TAGS.test(text.replace(FLAGS, ""))) return "it holds letters that nobody sees";
  if (STACKED.test(text)) return "it stacks marks on a letter";
  return EMPTY_LINES.test(text) ? "it has many empty lines" : null;
}
