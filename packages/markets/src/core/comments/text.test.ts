import { expect, test } from "vitest";
import { commentComplaint } from "./text.ts";

const FAMILY = "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}";
const SCOTLAND = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}";

test.each<[string, string]>([
  ["a sentence", "I would not bet on it."],
  ["markup, which is text here", "<script>alert(1)</script> & [link](javascript:alert(1))"],
  ["right-to-left letters", "אני חושב שלא"],
  ["Persian with its joiner", "می\u200Cخواهم"],
  ["Khmer with its spaces of no width", "ខ្ញុំ\u200Bគិត\u200Bថា"],
  ["Vietnamese, taken apart", "Việt Nam sẽ thắng".normalize("NFD")],
  ["Hindi", "मुझे नहीं लगता कि ऐसा होगा"],
  ["a family and a flag", `${FAMILY} ${SCOTLAND}`],
  ["paragraphs", "One.\n\nTwo.\n\n\nThree."],
  ["5,000 characters", "a".repeat(5_000)],
])("%s is taken", (_, text) => {
  expect(commentComplaint(text)).toBe(null);
});

test.each<[string, string, string]>([
  ["nothing", " \n ", "it is empty"],
  ["5,001 characters", "a".repeat(5_001), "it has more than 5000 characters"],
  ["many bytes", "動".repeat(5_001), "it has more than 5000 characters"],
  ["half a character", "a\ud800", "it holds half a character"],
  ["a space of no width", "\u200B", "it shows nothing"],
  ["a Hangul filler", "\u3164\u2800\u00AD", "it shows nothing"],
  [
    "a run of them in a word",
    "Al\u200B\u200C\u200D\u2060ice",
    "it holds a run of characters that nobody sees",
  ],
  [
    "letters that only machines see",
    "Hello \u{E0049}\u{E0067}\u{E006E}",
    "it holds letters that nobody sees",
  ],
  ["a tower of marks", `Z${"\u0351".repeat(20)}`, "it stacks marks on a letter"],
  ["a screen of nothing", `a${"\n".repeat(50)}b`, "it has many empty lines"],
  ["the same with spaces", `a${"\n \t".repeat(50)}\nb`, "it has many empty lines"],
])("%s is refused: %s", (_, text, complaint) => {
  expect(commentComplaint(text)).toBe(complaint);
});
