import { expect, test } from "vitest";
import { changeOf, complaintsOf } from "./five-members.ts";

const account = (digit: string): string => `0x${digit.repeat(40)}`;
const SITTING = ["a", "b", "c", "d", "e"].map(account);

test.each([
  ["five others", ["1", "2", "3", "4", "5"].map(account), null],
  [
    "one other, in any order and case",
    [
      account("9"),
      ...SITTING.slice(1)
        .toReversed()
        .map((one) => one.toUpperCase().replace("0X", "0x")),
    ],
    null,
  ],
  [
    "what is no address",
    ["alice.eth", ...SITTING.slice(1)],
    ["An address is 0x and 40 hex digits.", undefined, undefined, undefined, undefined],
  ],
  [
    "nobody",
    [...SITTING.slice(0, 4), account("0")],
    [undefined, undefined, undefined, undefined, "Nobody has this address."],
  ],
  [
    "one twice",
    [account("1"), account("2"), account("1"), account("3"), account("4")],
    [undefined, undefined, "This one is named above.", undefined, undefined],
  ],
  [
    "the same five",
    SITTING.toReversed(),
    ["These five sit already.", undefined, undefined, undefined, undefined],
  ],
])("%s", (_name, texts, complaints) => {
  expect(complaintsOf(texts, SITTING)).toEqual(complaints);
});

test("who leaves and who comes", () => {
  expect(changeOf(SITTING, [account("1"), ...SITTING.slice(1)])).toEqual({
    leave: [account("a")],
    come: [account("1")],
  });
});
