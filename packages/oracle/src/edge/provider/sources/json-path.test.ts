import { expect, test } from "vitest";
import { readPath } from "./json-path.ts";

const KLINES = '[[1750000000,"2310.10","2320","2300","2315.50000000",1.25]]';

test.each([
  [KLINES, "0.4", { found: "number", text: "2315.50000000" }],
  [KLINES, "0.5", { found: "number", text: "1.25" }],
  ['{"result":{"XETHZUSD":[["1","2"]]}}', "result.XETHZUSD.0.1", { found: "number", text: "2" }],
  // A double would make 0.1234567890123457 of it.
  ['{"p":0.1234567890123456789}', "p", { found: "number", text: "0.1234567890123456789" }],
  ['{"p":true}', "p", { found: "number", text: "1" }],
  ["[]", "0.4", { found: "nothing" }],
  ['{"p":null}', "p", { found: "nothing" }],
  ['{"p":""}', "p", { found: "nothing" }],
  ['{"p":3}', "p.0", { found: "nothing" }],
  ['{"p":3}', "p.text", { found: "nothing" }],
  ["{}", "constructor.name", { found: "nothing" }],
  ['{"__proto__":{"x":1}}', "x", { found: "nothing" }],
  ['{"p":[1]}', "p", { found: "other", what: "a list" }],
  ['{"p":{}}', "p", { found: "other", what: "an object" }],
])("%s at %s", (text, path, found) => {
  expect(readPath(text, path)).toEqual(found);
});

test.each(["", "<html>", "[".repeat(1_000_000), '{"a":1'])("no JSON is told", (text) => {
  expect(readPath(text, "a")).toEqual({ found: "other", what: "something that is no JSON" });
});
