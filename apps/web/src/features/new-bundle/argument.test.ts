import { at } from "@sooth/kernel";
import { expect, test } from "vitest";
import { argumentOf, functionOf } from "./argument.ts";

const ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7";

test("a function is read as Solidity writes it, with its types and with the word before it or without", () => {
  for (const text of [
    "mint(address to, uint256 amount) returns (uint256 id)",
    "function mint(address to, uint256 amount) returns (uint256 id);",
  ])
    expect(functionOf(text)).toMatchObject({ name: "mint", outputs: [{ name: "id", type: "uint256" }] });
  expect(at(functionOf("put((address to, uint256 amount) order)").inputs, 0)).toMatchObject({
    type: "tuple",
  });
  for (const text of ["", "mint", "event Minted(address to)", "mint(address to", "mint(cow moo)"])
    expect(() => functionOf(text), text).toThrow(/function/i);
});

const of = (type: string, text: string) => argumentOf({ type, name: "x" }, text);

test("values are taken by their type", () => {
  expect(of("uint256", " 12 ")).toBe(12n);
  expect(of("int8", "-128")).toBe(-128n);
  expect(of("bool", "true")).toBe(true);
  expect(of("address", ADDRESS)).toBe(ADDRESS.toLowerCase());
  expect(of("bytes4", "0xABCDEF12")).toBe("0xabcdef12");
  expect(of("string", " as it is ")).toBe(" as it is ");
  expect(of("uint256[]", '["1", 2]')).toEqual([1n, 2n]);
  const order = {
    type: "tuple",
    name: "o",
    components: [
      { type: "uint8", name: "a" },
      { type: "bool[1]", name: "b" },
    ],
  };
  expect(argumentOf(order, '{"a": 1, "b": [true]}')).toEqual({ a: 1n, b: [true] });
});

test.each([
  ["uint8", "256", /fit/],
  ["uint256", "-1", /fit/],
  ["int8", "-129", /fit/],
  ["uint256", "1.5", /whole number/],
  ["uint256", "", /Fill/],
  ["bool", "yes", /true or false/],
  ["address", "0x12", /no address/],
  ["address", ADDRESS.replace("E", "e"), /no address/],
  ["bytes4", "0xabcdef", /4 of them/],
  ["bytes", "abc", /hex/],
  ["uint256[2]", '["1"]', /list of 2/],
  ["uint256[]", "1, 2", /JSON/],
  ["tuple", "[][", /JSON/],
])("no %s: %s", (type, text, says) => {
  expect(() => of(type, text)).toThrow(says);
});
