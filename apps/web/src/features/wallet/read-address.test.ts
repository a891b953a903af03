import { expect, test } from "vitest";
import { readAddress } from "./read-address.ts";

const ADDRESS = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";

test("an address with a wrong checksum is none", () => {
  expect(readAddress(` ${ADDRESS} `)).toEqual({ address: ADDRESS });
  expect(readAddress(ADDRESS.replace("E", "e"))).toHaveProperty("problem");
});
