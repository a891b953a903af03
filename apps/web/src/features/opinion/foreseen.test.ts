import { expect, test } from "vitest";
import { foreseenVoid } from "./foreseen.ts";

const DEADLINE = 2_000;
type Change = { question?: object; status?: string; opinions?: number; staked?: readonly [number, string] };
function marketOf({ question = {}, status = "judging", opinions = 1, staked = [10, "700"] }: Change = {}) {
  const bands = Array.from({ length: 21 }, (_, band) => ({ staked: band === staked[0] ? staked[1] : "0" }));
  return {
    status,
    opinions,
    bands,
    hidden: { staked: "0", opinions: 0 },
    terms: { rule: "fourth", feeBps: 200, prizeBps: 0, prizes: 1, minConfidence: 6_000 },
    question: { status: "answered", value: "5000", confidence: 9_000, deadline: DEADLINE, ...question },
  } as unknown as Parameters<typeof foreseenVoid>[0];
}
const found = (change: Change, now = DEADLINE) => foreseenVoid(marketOf(change), now);

test("nothing is foreseen of a market that goes well, nor while anything may still come", () => {
  expect(found({})).toBeNull();
  expect(found({ question: { status: "final" } })).toBeNull();
  expect(found({ question: { status: "open", value: null, confidence: null } })).toBeNull();
  expect(found({ question: { status: "disputed", confidence: 1 } })).toBeNull();
  expect(found({ status: "open", opinions: 0 })).toBeNull();
  expect(found({ status: "void", opinions: 0 })).toBeNull();
});

test("what makes the contract void it is told as soon as it stands", () => {
  expect(found({ opinions: 0 })).toBe("empty");
  expect(found({ question: { status: "invalid" } })).toBe("invalid");
  expect(found({ question: { status: "open", value: null } }, DEADLINE + 1)).toBe("unanswered");
  expect(found({ question: { confidence: 5_999 } })).toBe("confidence");
  expect(found({ question: { confidence: 6_000 } })).toBeNull();
  // All stand at 0, as far from 100 as one can.
  expect(found({ question: { value: "10000" }, staked: [0, "700"] })).toBe("weights");
  expect(found({ question: { value: "9900" }, staked: [0, "700"] })).toBeNull();
});
