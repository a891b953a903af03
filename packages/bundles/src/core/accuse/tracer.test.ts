import { runInNewContext } from "node:vm";
import type { Address, Hex } from "@sooth/kernel";
import { bytesToHex, hexToBytes } from "viem";
import { expect, test } from "vitest";
import { BRINGS_EVIDENCE, evidenceTracer, tracedPart } from "./tracer.ts";

const [OURS, OTHERS]: [Address, Address] = [`0x${"a1".repeat(20)}`, `0x${"b2".repeat(20)}`];
const RUN = BRINGS_EVIDENCE[0] as Hex;

type Call = { to?: Address; input?: Hex; fails?: boolean; calls?: Call[] };
type Tracer = {
  enter(frame: { getTo(): Uint8Array; getInput(): Uint8Array }): void;
  exit(result: { getError(): string | undefined }): void;
  result(): unknown;
};

const slice = (bytes: Uint8Array, start: number, end: number) => bytes.subarray(start, end);
/** What a node makes of the program, for the calls inside a transaction. */
function traced(calls: readonly Call[], from = 0, most = 1_000) {
  const program = `(${evidenceTracer([OURS], from, most)})`;
  const tracer = runInNewContext(program, { toHex: bytesToHex, slice }) as Tracer;
  const play = ({ to = OURS, input = RUN, fails = false, calls: inner = [] }: Call) => {
    tracer.enter({ getTo: () => hexToBytes(to), getInput: () => hexToBytes(input) });
    for (const each of inner) play(each);
    tracer.exit({ getError: () => (fails ? "execution reverted" : undefined) });
  };
  for (const each of calls) play(each);
  return tracedPart.parse(JSON.parse(JSON.stringify(tracer.result())));
}
/** A call of ours with so many bytes, that is known by the last. */
const sized = (bytes: number, last: string): Hex => `${RUN}${"00".repeat(bytes - 5)}${last}` as Hex;
const lastOf = ({ calls }: { calls: { input: Hex }[] }) => calls.map(({ input }) => input.slice(-2));

test("only calls to our contracts that bring evidence are told, wherever they stand, and none that was undone", () => {
  const { calls, next } = traced([
    { to: OTHERS, input: "0x", calls: [{ input: sized(10, "01") }] },
    { input: "0x12345678" },
    { input: "0x12" },
    { to: OTHERS, input: sized(10, "02") },
    { to: OTHERS, fails: true, calls: [{ input: sized(10, "03"), calls: [{ input: sized(10, "04") }] }] },
    { input: sized(10, "05"), fails: true },
    { input: sized(10, "06") },
  ]);
  expect(lastOf({ calls })).toEqual(["01", "06"]);
  expect([new Set(calls.map(({ to }) => to)), next]).toEqual([new Set([OURS]), -1]);
});

test("parts follow each other without a gap, also where what filled one was undone, and one call is never split", () => {
  const calls: Call[] = [
    { input: sized(600, "01") },
    // Fills the part for a while, and is undone.
    { to: OTHERS, fails: true, calls: [{ input: sized(300, "02") }, { input: sized(300, "03") }] },
    { input: sized(100, "04") },
    { input: sized(5_000, "05") },
    { input: sized(100, "06") },
  ];
  const told: string[] = [];
  let from = 0;
  for (let part = 0; part < 10 && from !== -1; part++) {
    const { calls: found, next } = traced(calls, from);
    told.push(...lastOf({ calls: found }));
    from = next;
  }
  expect([told, from]).toEqual([["01", "04", "05", "06"], -1]);
});

test("every call that attesters' word is read from is one of those that are told", () => {
  expect(BRINGS_EVIDENCE).toHaveLength(9);
  expect(new Set(BRINGS_EVIDENCE).size).toBe(9);
});
