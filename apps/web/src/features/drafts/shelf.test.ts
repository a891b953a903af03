import { expect, test } from "vitest";
import { newDraft as newQuestion } from "../create/draft.ts";
import { readDraft as readQuestion } from "../create/kept-draft.ts";
import { newDraft as newStatement } from "../put-up/draft.ts";
import { readDraft as readStatement } from "../put-up/kept-draft.ts";
import { MOST_KEPT, shelfOf } from "./shelf.ts";

const NOW = 1_747_000_000;
const storeOf = (texts = new Map<string, string>()) => ({
  texts,
  getItem: (name: string) => texts.get(name) ?? null,
  setItem: (name: string, text: string) => void texts.set(name, text),
});
type Note = { text: string };
const readNote = (kept: unknown): Note => ({ text: (kept as Note).text });
const noteOf = (id: string, text = id) => ({ id, at: 1, draft: { text } });

test("the latest comes first, each once, and the oldest goes when there are too many", () => {
  const shelf = shelfOf("note", readNote, () => storeOf(texts));
  const texts = new Map<string, string>();
  for (let n = 0; n <= MOST_KEPT; n += 1) expect(shelf.keep(noteOf(`n${n}`))).toBe(true);
  expect(shelf.all()).toHaveLength(MOST_KEPT);
  expect(shelf.all().some(({ id }) => id === "n0")).toBe(false);
  shelf.keep(noteOf("n5", "changed"));
  expect(shelf.all()[0]).toEqual(noteOf("n5", "changed"));
  expect(shelf.all()).toHaveLength(MOST_KEPT);
  expect(shelf.forget("n5")).toBe(true);
  expect(shelf.all().some(({ id }) => id === "n5")).toBe(false);
});

test("a browser that keeps nothing breaks nothing, and it is told", () => {
  const blocked = shelfOf("note", readNote, () => undefined);
  expect([blocked.all(), blocked.keep(noteOf("a")), blocked.forget("a")]).toEqual([[], false, true]);
  const full = shelfOf("note", readNote, () => ({
    getItem: () => JSON.stringify([noteOf("a")]),
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  }));
  expect([full.all().length, full.keep(noteOf("b")), full.forget("a")]).toEqual([1, false, false]);
});

test.each(["{", "7", '{"id":"a"}', '[{"id":1},null,{"id":"a","at":"soon","draft":{}},{"id":"b","at":1}]'])(
  "what is no list of drafts is none: %s",
  (text) => {
    const shelf = shelfOf("note", readNote, () => storeOf(new Map([["sooth.drafts.note", text]])));
    expect(shelf.all()).toEqual([]);
  },
);

test("what opens a wallet or an account is not kept", () => {
  const store = storeOf();
  const shelf = shelfOf("note", readNote, () => store);
  const key = "ab".repeat(32);
  for (const secret of [key, ` 0x${key.toUpperCase()} `]) {
    shelf.keep(noteOf("a", secret));
    expect(shelf.all()[0]?.draft.text).toBe("");
  }
  shelf.keep(noteOf("a", "https://me:word@x.example/p?api_key=s3cret&at=1"));
  expect(shelf.all()[0]?.draft.text).toBe("https://x.example/p?api_key=&at=1");
  expect([...store.texts.values()].join("")).not.toMatch(/word|s3cret|abab/i);
  const asked = `Is 0x${key} mined by 2026? Write to a@b.example`;
  shelf.keep(noteOf("a", asked));
  expect(shelf.all()[0]?.draft.text).toBe(asked);
});

test("a question's draft survives another version of the form", () => {
  const fresh = newQuestion(NOW, true);
  const source = { name: "a", url: "https://a.example", path: "p", unit: "USD", scale: "0" };
  const whole = {
    ...fresh,
    text: "Rain?",
    items: ["x"],
    sources: [{ ...source, timePath: "t" }],
    order: "first" as const,
    typed: { ...fresh.typed, outcomes: ["A", "B", "C"] },
  };
  expect(readQuestion(structuredClone(whole), fresh)).toEqual(whole);
  const other = {
    text: "Rain?",
    kind: "gone",
    order: 3,
    edges: ["1", 2, "3"],
    reward: 5,
    sources: [{ ...source, weight: 3 }, "https://b.example", null],
    typed: { threshold: "7", outcomes: "none", colour: "red" },
    privateKey: "ab",
  };
  expect(readQuestion(other, fresh)).toEqual({
    ...fresh,
    text: "Rain?",
    edges: ["1", "3"],
    sources: [{ ...source, timePath: "" }],
    typed: { ...fresh.typed, threshold: "7" },
  });
  for (const nothing of [null, 3, [], "x"]) expect(readQuestion(nothing, fresh)).toEqual(fresh);
});

test("a statement's draft does too", () => {
  const fresh = newStatement(false);
  const whole = { ...fresh, statement: "Close it", hidden: true, openSeconds: 86_400, fee: "1" };
  expect(readStatement({ ...whole, key: "x" }, fresh)).toEqual(whole);
  expect(readStatement({ ...whole, openSeconds: 7, rule: "tenth", hidden: "yes" }, fresh)).toEqual({
    ...whole,
    openSeconds: fresh.openSeconds,
    hidden: false,
  });
});
