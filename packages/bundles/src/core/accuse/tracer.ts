import { attestersAbi, bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import type { Address, Hex } from "@sooth/kernel";
import { toFunctionSelector } from "viem";
import { z } from "zod";

/** Calls by which attesters' word is brought. */
export const BRINGS_EVIDENCE: readonly Hex[] = [settlerAbi, escrowAbi, attestersAbi, bundleHubAbi].flatMap(
  (abi) =>
    abi.flatMap((each) =>
      each.type === "function" &&
      (each.stateMutability === "nonpayable" || each.stateMutability === "payable") &&
      each.inputs.some(({ name }) => name === "evidence")
        ? [toFunctionSelector(each)]
        : [],
    ),
);

const hex = z.custom<Hex>((text) => typeof text === "string" && /^0x([0-9a-f]{2})*$/.test(text));
/** What {evidenceTracer} answers: a part of the calls. `next`: where the next part begins; -1 when there is none. */
export const tracedPart = z.object({
  calls: z.array(z.object({ to: hex, input: hex })),
  next: z.number().int().min(-1),
});

/** As a program has it: what is in it is 1. */
const set = (of: readonly string[]): string =>
  JSON.stringify(Object.fromEntries(of.map((one) => [one.toLowerCase(), 1])));

/**
 * A program for `debug_traceTransaction` that tells of a transaction only the calls to these contracts that bring evidence and that
 * nothing undid, from the call of this number on, and so many bytes of calldata: a trace of everything has no bound, for a contract
 * can call others with megabytes, again and again, for next to nothing. Nodes run it themselves (geth and what is built of it, reth,
 * erigon, nethermind, anvil); it is written for the oldest of their engines.
 */
export function evidenceTracer(to: readonly Address[], from: number, mostBytes: number): string {
  return `{
    to: ${set(to)}, does: ${set(BRINGS_EVIDENCE)}, calls: [], marks: [], seen: 0, bytes: 0, next: -1,
    enter: function (frame) {
      this.marks.push(this.calls.length);
      var to = toHex(frame.getTo());
      if (this.to[to] !== 1) return;
      var input = frame.getInput();
      if (input.length < 4 || this.does[toHex(slice(input, 0, 4))] !== 1) return;
      var number = this.seen++;
      if (number < ${from} || this.next !== -1) return;
      if (this.calls.length > 0 && this.bytes + input.length > ${mostBytes}) { this.next = number; return; }
      this.bytes += input.length;
      this.calls.push({ to: to, input: toHex(input) });
    },
    exit: function (result) {
      var mark = this.marks.pop();
      if (result.getError() === undefined) return;
      while (this.calls.length > mark) this.bytes -= (this.calls.pop().input.length - 2) / 2;
    },
    fault: function () {},
    result: function () { return { calls: this.calls, next: this.next }; }
  }`;
}
