import { describe, expect, test } from "vitest";
import type { BundleCall } from "../../api.ts";
import { legLook, legNames, statusSentence, statusWords, turnsOf } from "./words.ts";

const OWNER = `0x${"aA".repeat(20)}`;
const OTHER = `0x${"bb".repeat(20)}`;
const call = (what: BundleCall["what"], by: string | null, leg: number | null = null): BundleCall => ({
  what,
  leg,
  by,
  chainId: 31_338,
  to: `0x${"01".repeat(20)}`,
  data: "0x",
  value: "0",
});

test("legs are counted from one, and their names read as a sentence", () => {
  expect(legNames([0])).toBe("leg 1");
  expect(legNames([0, 2])).toBe("legs 1 and 3");
  expect(legNames([0, 1, 4])).toBe("legs 1, 2 and 5");
});

test("a status is said with what comes next", () => {
  expect(statusSentence({ kind: "compensated", undone: [0], stays: [1] })).toBe(
    "It was called off. Leg 2 ran and stays: nothing undoes it.",
  );
  expect(statusSentence({ kind: "preparing", held: [0], missing: [1, 2] })).toBe(
    "Of what it wants held, this is missing: legs 2 and 3.",
  );
  expect(statusWords({ kind: "decided", outcome: "aborted", held: [0] }).text).toMatch(/given back/);
  expect(statusWords({ kind: "decided", outcome: "committed", held: [0] }).text).toMatch(/paid out/);
  // Where nothing was put in, nothing is given back, and nobody waits for it.
  const empty = { kind: "decided" as const, outcome: "aborted" as const, held: [] };
  expect(statusWords(empty)).toEqual({ tone: "off", text: "Called off" });
  expect(statusSentence(empty)).toBe("The hub called it off, and nothing of it is held.");
});

test("what would fail is not called ready", () => {
  const ready = { kind: "ready" as const, legs: [0, 2] };
  expect(statusWords(ready).text).toBe("Ready to run");
  expect(statusWords(ready, [0, 2]).text).toBe("It would fail now");
  expect(statusSentence(ready, [0, 2])).toBe(
    "As things stand legs 1 and 3 would fail, so relayers leave it alone until that changes.",
  );
  // Relayers try it before its chains are told of it.
  expect(statusWords({ kind: "buffered" }, [1]).text).toBe("It would fail now");
  expect(statusWords({ kind: "buffered" }).text).toMatch(/being told/);
  // One of them can still be brought.
  expect(statusWords(ready, [0]).text).toBe("Ready to run");
  expect(statusSentence(ready, [0])).toBe("A relayer can bring leg 3 now.");
});

const state = (
  one: Parameters<typeof legLook>[0]["state"],
  isEscrowed: boolean,
  undoes = false,
  failures = 0,
) => legLook({ state: one, failures }, { isEscrowed, undoes });

test("the same state is called by what it means in its mode, and owed is not waiting", () => {
  expect(state("ok", false).text).toBe("Ran");
  expect(state("ok", true).text).toBe("Paid");
  expect(state("ok", false, true).text).toBe("Undone");
  expect(state("cancelled", true)).toMatchObject({ text: "Given back", shape: "back" });
  expect(state("none", false, true, 2)).toMatchObject({ text: "Owed, failed 2 times", tone: "bad" });
  // No two states that are told apart share both shape and colour.
  const looks = (["none", "ok", "failed", "cancelled", "missed", "held"] as const).map((one) =>
    state(one, false),
  );
  expect(new Set(looks.map(({ shape, tone }) => `${shape} ${tone}`)).size).toBe(looks.length);
});

describe("turns", () => {
  const turns = (calls: BundleCall[], account: string | undefined, outcome: "open" | "aborted" = "open") =>
    turnsOf({ calls, owner: OWNER, outcome }, account);
  const calls = [
    call("settle", null),
    call("approve", OWNER, 0),
    call("prepare", OWNER, 0),
    call("approve", OTHER, 1),
    call("prepare", OTHER, 1),
    call("abort", OWNER),
  ];
  test("nobody is offered what is another's, or an allowance that the server made", () => {
    expect(turns(calls, OWNER.toLowerCase()).map(({ what, own }) => [what, own])).toEqual([
      ["prepare", true],
      ["abort", true],
      ["settle", false],
    ]);
    expect(turns(calls, undefined).map(({ what }) => what)).toEqual(["settle"]);
  });
  test("what is left of a fee is the owner's to ask for, though anybody may", () => {
    const due = [call("settle", null), call("reclaim", null)];
    expect(turns(due, OWNER).map(({ what, own }) => [what, own])).toEqual([
      ["reclaim", true],
      ["settle", false],
    ]);
    expect(turns(due, OTHER).some(({ own }) => own)).toBe(false);
  });
  test("what finishes a bundle that was called off gives back", () => {
    expect(turns([call("finish", null, 0)], OTHER, "aborted")[0]?.text).toBe("Give back what is held");
  });
});
