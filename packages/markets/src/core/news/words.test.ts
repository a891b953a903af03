import { BUNDLE_ENDS, BUNDLE_TURNS } from "@sooth/bundles/core";
import { expect, test } from "vitest";
import { NEWS_KINDS } from "./wire.ts";
import { newsPath, newsWords, type Notification } from "./words.ts";

const news = (over: Partial<Notification>): Notification => ({
  id: "x",
  kind: "closed",
  at: 1,
  title: "Will it rain?",
  market: null,
  opinion: false,
  question: null,
  bundle: null,
  event: null,
  label: null,
  amount: null,
  who: null,
  comment: null,
  jury: null,
  ...over,
});
const say = (over: Partial<Notification>) => newsWords(news(over), (address) => address.slice(0, 6));

test("every kind is a sentence of its own that names what it is about", () => {
  const said = NEWS_KINDS.map((kind) => say({ kind, who: "Bob" }));
  expect(new Set(said).size).toBe(NEWS_KINDS.length);
  for (const sentence of said) expect(sentence).toMatch(/^(?=.*Will it rain\?)[“A-Z].*[^.]$/);
});

test("what came out is told with it", () => {
  expect(say({ kind: "settled", label: "Yes" })).toBe("“Will it rain?” is settled: Yes");
  expect(say({ kind: "settled", label: "62", opinion: true })).toBe("“Will it rain?” is scored: 62 of 100");
  expect(say({ kind: "question", event: "answered", label: "No" })).toBe(
    "Your question “Will it rain?” is answered: No",
  );
  expect(say({ kind: "question", event: "disputed", label: "No" })).toBe(
    "Somebody objects to the answer of your question “Will it rain?”",
  );
  expect(say({ kind: "reply", who: "0x1234567890" })).toBe("0x1234 replied to you below “Will it rain?”");
});

test("of a bundle it is said whose it is, how it ended, and what it waits for", () => {
  const bundle = { title: "0x12ab…34cd", bundle: `0x${"12".repeat(32)}` };
  const sayAll = (who: string | null) => [
    ...BUNDLE_ENDS.map((event) => say({ ...bundle, kind: "bundle", event, who })),
    ...BUNDLE_TURNS.map((event) => say({ ...bundle, kind: "turn", event, who })),
  ];
  const said = [...sayAll(null), ...sayAll("0x1234567890")];
  expect(new Set(said).size).toBe(said.length);
  for (const sentence of said) expect(sentence).toMatch(/^(?=.*0x12ab…34cd)(Your|0x1234).*[^.]$/);
  expect(said).toContain("Your bundle 0x12ab…34cd is done");
  expect(said).toContain("0x1234 asks you to pay into the bundle 0x12ab…34cd");
  expect(newsPath(news({ ...bundle, kind: "turn" }))).toBe(`/bundles/${bundle.bundle}`);
});
