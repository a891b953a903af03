import { canonicalJson } from "@sooth/kernel";
import { expect, test } from "vitest";
import { boolSchema, numericSchema, termsFor } from "../../../test/people.ts";
import { formatDecimal } from "../decimals.ts";
import { readSchema, schemaComplaint, schemaText } from "../schema.ts";
import { callDataOf, chainNumberOf, feedNumberOf, type Source, whereOf } from "./index.ts";

const ADDRESS = `0x${"ab".repeat(20)}`;
const chain = (over: object = {}) => ({
  type: "chain",
  name: "c",
  unit: "USD",
  chainId: 1,
  address: ADDRESS,
  function: "function balanceOf(address) view returns (uint256)",
  args: [ADDRESS],
  decimals: 18,
  ...over,
});
const web = (name: string) => ({ name, unit: "USD", url: `https://${name}.test/`, path: "p" });
const witness = (name: string, over: object = {}) => ({
  type: "witness",
  name,
  unit: "USD",
  urls: ["https://a.test/{observeDate}"],
  ...over,
});
const of = (line: string, result = 0) => ({ function: line, args: [] as string[], result, decimals: 2 });
const word = (value: bigint) => BigInt.asUintN(256, value).toString(16).padStart(64, "0");
const complain = (...sources: object[]) => schemaComplaint(numericSchema({ sources }));

test("a schema that was logged before sources had types reads as it did", () => {
  const old = {
    ...boolSchema(),
    sources: [{ name: "k", url: "https://k.test/", path: "0.4", unit: "USD", scale: 0 }],
  };
  const read = readSchema(canonicalJson(old), termsFor(boolSchema()));
  expect(read.fault).toBe(null);
  expect(read.schema.sources).toEqual([{ type: "http-json", ...old.sources[0] }]);
});

test("a type that this version does not know is a fault, not another type", () => {
  const next = { ...boolSchema(), sources: [{ ...web("k"), type: "carrier-pigeon" }] };
  expect(readSchema(canonicalJson(next), termsFor(boolSchema())).fault).toBe("its schema cannot be read");
});

test("every type survives its text", () => {
  const feed = { type: "feed", name: "f", unit: "USD", chainId: 1, address: ADDRESS, maxAge: 3_600 };
  const schema = numericSchema({ sources: [web("a"), web("b"), chain(), feed, witness("w")] });
  expect(schemaComplaint(schema)).toBe(null);
  expect(readSchema(schemaText(schema), termsFor(schema)).schema).toEqual(schema);
  expect(schema.sources.map((each) => whereOf(each as Source, schema.observeAt))).toEqual([
    "https://a.test/",
    "https://b.test/",
    `eip155:1/${ADDRESS}/function balanceOf(address) view returns (uint256)(${ADDRESS})`,
    `eip155:1/${ADDRESS}/latestRoundData()`,
    "https://a.test/2025-06-15",
  ]);
});

test.each<[string, object, string]>([
  ["no ABI", { function: "balanceOf" }, "its function cannot be read"],
  ["an event", { function: "event Moved(uint256 amount)" }, "it names no function"],
  [
    "a function that writes",
    { function: "function burn() returns (uint256)", args: [] },
    "its function is not a view",
  ],
  [
    "a list as argument",
    { function: "function f(uint256[] x) view returns (uint256)" },
    "takes lists or structs",
  ],
  [
    "a text as result",
    { function: "function name() view returns (string)", args: [] },
    "its result 0 is string, not a number",
  ],
  ["a result that is not there", { result: 1 }, "its result 1 is nothing, not a number"],
  [
    "a list before the result",
    { function: "function f() view returns (uint256[2] a, uint256 b)", args: [], result: 1 },
    "a list or struct stands before its result",
  ],
  ["too few arguments", { args: [] }, "it takes 1 arguments, not 0"],
  ["an argument that does not fit", { args: ["0x12"] }, "its arguments do not fit balanceOf"],
  [
    "an integer beyond its type",
    { function: "function f(uint8) view returns (uint256)", args: ["256"] },
    "its arguments do not fit f",
  ],
])("%s is refused", (_, over, complaint) => {
  expect(complain(chain(over))).toContain(complaint);
});

test("calls are encoded as contracts take them, and words read as their type says", () => {
  // cast calldata 'f(int256,bool,bytes2)' -- -1 true 0xabcd
  const call = callDataOf({
    ...of("function f(int256, bool, bytes2) view returns (uint256)"),
    args: ["-1", "true", "0xabcd"],
  });
  expect(call.slice(10)).toBe(`${"f".repeat(64)}${"1".padStart(64, "0")}${"abcd".padEnd(64, "0")}`);
  const words = `0x${"f".repeat(64)}${"7".padStart(64, "0")}` as const;
  const read = (line: string, result: number) => {
    const number = chainNumberOf(of(line, result), words);
    return number && formatDecimal(number);
  };
  expect(read("function f() view returns (int256, uint256)", 0)).toBe("-0.01");
  expect(read("function f() view returns (int256, uint256)", 1)).toBe("0.07");
  expect(read("function f() view returns (uint256, uint256, uint256)", 2)).toBe(null);
});

test.each<[string, [bigint, bigint, bigint], string]>([
  ["its price", [-5n, 995n, 1n], "-0.5"],
  ["an update of that second", [7n, 1_000n, 0n], "7"],
  ["one that is too old", [7n, 899n, 0n], "its last update was 101 seconds old"],
  ["one of the future", [7n, 1_001n, 0n], "its last update lies in the future"],
  ["a round that is not complete", [7n, 0n, 0n], "its round is not complete"],
  ["decimals of no feed", [7n, 995n, 200n], "no price feed stands at that address"],
])("a feed tells %s", (_, [answer, updated, decimals], said) => {
  const round = `0x${[1n, answer, updated, updated, 1n].map(word).join("")}` as const;
  const told = feedNumberOf({ maxAge: 100 }, { round, decimals: `0x${word(decimals)}` }, 1_000);
  expect("number" in told ? formatDecimal(told.number) : told.why).toBe(said);
});

test.each<[string, object[], string | null]>([
  ["one of three", [web("a"), web("b"), witness("w")], null],
  [
    "one of two",
    [web("a"), witness("w")],
    "more than a third of the sources are witnesses, and not all of them",
  ],
  [
    "two of five",
    [web("a"), web("b"), web("c"), witness("v"), witness("w")],
    "more than a third of the sources are witnesses, and not all of them",
  ],
  ["all", [witness("v"), witness("w")], null],
])("witnesses may be %s", (_, sources, complaint) => {
  expect(complain(...sources)).toBe(complaint);
});
