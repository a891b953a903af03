import { localParams } from "@sooth/chain";
import { expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { userAccount } from "./accounts.ts";
import { laptopParams } from "./committee.ts";

const paramsOf = (setting: string) => laptopParams(loadConfig({ LAPTOP_COMMITTEE: setting }));
const five = [5, 3, 1, 4, 2].map((digit) => `0x${String(digit).repeat(40)}`);

test("without the setting nobody approves", () => expect(paramsOf("")).toBe(localParams));

test("the first five test wallets sit, or who is named, in the contract's order", () => {
  const wallets = [0, 1, 2, 3, 4].map((index) => userAccount(index).address.toLowerCase());
  expect(new Set(paramsOf("test").committeeMembers)).toEqual(new Set(wallets));
  expect(paramsOf(five.join(",")).committeeMembers).toEqual(
    [1, 2, 3, 4, 5].map((digit) => `0x${String(digit).repeat(40)}`),
  );
});

test.each([five.slice(1).join(","), [...five.slice(1), five[1]].join(","), "yes", "test,test"])(
  "%s is refused at the start",
  (setting) => {
    expect(() => loadConfig({ LAPTOP_COMMITTEE: setting })).toThrow(/LAPTOP_COMMITTEE/);
  },
);
