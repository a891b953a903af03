import { drandBeaconAbi, marketsAbi, oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { type Abi, BaseError, decodeErrorResult, type Hex, isHex } from "viem";

export type Revert = { name: string; data: Hex | null; text: string };

const KNOWN: Abi = [
  ...oracleAbi,
  ...marketsAbi,
  ...stakeManagerAbi,
  ...drandBeaconAbi,
  ...testDollarAbi,
].filter(({ type }) => type === "error");
/** Code of a revert by EIP-1474's later practice; older nodes only say it in words. */
const REVERTED = 3;

/** What a contract said when it refused; null when the error is the node's and says nothing about the contract. */
export function revertOf(error: unknown, more: Abi = []): Revert | null {
  const found = deepest(error);
  if (!found) return null;
  const text = found.message.split("\n")[0] ?? "";
  if (!found.data || found.data === "0x") return { name: "no_reason", data: found.data, text };
  try {
    const { errorName, args } = decodeErrorResult({ abi: [...KNOWN, ...more], data: found.data });
    const values = (args ?? []).map(String);
    // Error(string) is a sentence already.
    return {
      name: errorName,
      data: found.data,
      text: errorName === "Error" ? values.join() : `${errorName}(${values.join(", ")})`,
    };
  } catch {
    // An error of a contract that we do not know; its data is kept for whoever does.
    return { name: found.data.slice(0, 10), data: found.data, text };
  }
}

function deepest(error: unknown): { data: Hex | null; message: string } | null {
  if (!(error instanceof Error)) return null;
  if (!reverts(error) && !(error instanceof BaseError && error.walk(reverts))) return null;
  const holder = error instanceof BaseError ? error.walk((cause) => dataOf(cause) !== null) : error;
  return {
    data: dataOf(holder),
    message: error instanceof BaseError ? error.details || error.shortMessage : error.message,
  };
}

const reverts = (cause: unknown): boolean =>
  cause instanceof Error &&
  (("code" in cause && cause.code === REVERTED) ||
    /execution reverted|vm exception|invalid opcode|stack (under|over)flow/i.test(cause.message));

/** Nodes give the data as text, or one level deeper. */
function dataOf(cause: unknown): Hex | null {
  if (typeof cause !== "object" || cause === null || !("data" in cause)) return null;
  if (isHex(cause.data)) return cause.data;
  return typeof cause.data === "object" ? dataOf(cause.data) : null;
}
