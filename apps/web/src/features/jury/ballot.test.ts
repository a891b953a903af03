import { expect, test } from "vitest";
import { ballotText, keepBallot, keptBallot, newBallot, readBallot } from "./ballot.ts";

const JURY = `0x${"ab".repeat(32)}` as const;
const shelf = () => {
  const held = new Map<string, string>();
  return {
    setItem: (key: string, value: string) => void held.set(key, value),
    getItem: (key: string) => held.get(key) ?? null,
  };
};

test("a vote comes back from the browser and from its file, and no two have one salt", () => {
  const ballot = newBallot(JURY, 3, 2);
  const store = shelf();
  keepBallot(store, ballot);
  expect(keptBallot(store, JURY, 3)).toEqual(ballot);
  expect(keptBallot(store, JURY, 4)).toBeUndefined();
  expect(readBallot(ballotText(ballot), JURY)).toEqual({ ballot });
  expect(newBallot(JURY, 3, 2).salt).not.toBe(ballot.salt);
});

test("a file that would be refused on chain is refused here", () => {
  const ballot = newBallot(JURY, 0, 1);
  const problem = (text: string, jury: string = JURY) => {
    const read = readBallot(text, jury);
    return "problem" in read ? read.problem : "";
  };
  expect(problem(ballotText(ballot), `0x${"cd".repeat(32)}`)).toMatch(/another jury/);
  expect(problem(ballotText({ ...ballot, choice: 3 }))).toMatch(/does not open/);
  expect(problem(ballotText({ ...ballot, salt: "0x12" }))).toMatch(/no vote/);
  expect(problem("hello")).toMatch(/no vote/);
  expect(problem("null")).toMatch(/no vote/);
});
