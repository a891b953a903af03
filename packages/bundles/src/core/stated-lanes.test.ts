import { expect, test } from "vitest";
import { readStated, statedText } from "./stated-lanes.ts";

const TOKEN = `0x${"aB".repeat(20)}`;
const token = TOKEN.toLowerCase();

test("limits are read as they are stated", () => {
  const stated = readStated([`8453>10 ${TOKEN} 500`, `8453 ${TOKEN} 0`]);
  expect(stated).toEqual([
    { chainId: 8_453, other: 10, token, perHour: 500n },
    { chainId: 8_453, other: null, token, perHour: 0n },
  ]);
  expect(stated?.map(statedText)).toEqual([
    `500 units of ${token} an hour on 8453 towards 10`,
    `0 units of ${token} an hour on 8453`,
  ]);
});

test.each([
  [["8453>10 500"]],
  [[`8453>8453 ${TOKEN} 500`]],
  [[`10 ${TOKEN} ${2n ** 96n}`]],
  [[`8453>10 ${TOKEN} 5`, `8453>10 ${token} 6`]],
])("%j states nothing", (texts) => expect(readStated(texts)).toBeNull());
