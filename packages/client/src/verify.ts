import { type Hex, parseAbi, type PublicClient, recoverTypedDataAddress } from "viem";
import type { Answer, GetNetworkOutput, SignedAnswer, SignedReceipt } from "./generated/types.ts";
import type { SeenAnswers } from "./seen-answers.ts";
import { answerTypedData, receiptId, receiptTypedData } from "./statements.ts";

/** Whom to believe about which oracle. Keep it with your own configuration: what a server says of itself proves nothing. */
export type Trust = { chainId: number; oracle: string; signers: readonly string[] };

/** Why a statement is not to be believed. */
export type Doubt =
  | "other_question"
  | "other_oracle"
  | "forged"
  | "too_old"
  | "replayed"
  | "other_branch"
  | "not_on_chain";

export class StatementError extends Error {
  readonly doubt: Doubt;
  constructor(doubt: Doubt, message: string) {
    super(message);
    this.name = "StatementError";
    this.doubt = doubt;
  }
}

export type VerifyOptions = {
  /** How far the statement's block may lie back. Seconds; default 120. */
  maxAgeSeconds?: number;
  /** Unix seconds by the chain's clock. Default: this machine's. */
  now?: () => number;
  /** What was seen before: with it an old statement played again is found out, however fresh it claims to be. */
  seen?: SeenAnswers;
  /** A client of the oracle's chain: the statement is compared with the contract at the block that it names. */
  chain?: Pick<PublicClient, "getBlock" | "readContract">;
};

const MAX_AGE_SECONDS = 120;

/** What the server says of itself. For a first look; see `Trust`. */
export const trustOf = ({ hub, addresses, gateway }: GetNetworkOutput): Trust => ({
  chainId: hub.chainId,
  oracle: addresses.oracle,
  signers: [...(gateway.signer === null ? [] : [gateway.signer]), ...gateway.retired],
});

/** The answer, if the statement holds in every way that was asked for. @throws StatementError */
export async function verifyAnswer(
  { answer, signature, signer }: SignedAnswer,
  question: string,
  trust: Trust,
  options: VerifyOptions = {},
): Promise<Answer> {
  if (!same(answer.question, question))
    throw new StatementError("other_question", `it speaks of ${answer.question}`);
  await believe(answer, answerTypedData(answer), { signature, signer }, trust);
  const now = (options.now ?? machineTime)();
  const age = now - answer.block.time;
  const most = options.maxAgeSeconds ?? MAX_AGE_SECONDS;
  if (Math.abs(age) > most)
    throw new StatementError("too_old", `its block is ${age} s old, and ${most} s are allowed`);
  if (options.chain) await compareWithChain(options.chain, answer);
  options.seen?.accept(answer);
  return answer;
}

/** What was taken, if the receipt is the gateway's. @throws StatementError */
export async function verifyReceipt(
  { id, receipt, signature, signer }: SignedReceipt,
  trust: Trust,
): Promise<SignedReceipt["receipt"]> {
  await believe(receipt, receiptTypedData(receipt), { signature, signer }, trust);
  if (!same(id, receiptId(receipt))) throw new StatementError("forged", "its id is another receipt's");
  return receipt;
}

async function believe(
  about: { chainId: number; oracle: string },
  data: ReturnType<typeof answerTypedData> | ReturnType<typeof receiptTypedData>,
  { signature, signer }: { signature: string; signer: string },
  trust: Trust,
): Promise<void> {
  if (about.chainId !== trust.chainId || !same(about.oracle, trust.oracle))
    throw new StatementError("other_oracle", `it speaks of ${about.oracle} on chain ${about.chainId}`);
  const by = await recover(data, signature as Hex);
  if (by === null || !same(by, signer) || !trust.signers.some((trusted) => same(trusted, by)))
    throw new StatementError("forged", "nobody whom you trust signed it");
}

/** Bytes that are no signature were signed by nobody. */
const recover = (
  data: ReturnType<typeof answerTypedData> | ReturnType<typeof receiptTypedData>,
  signature: Hex,
): Promise<string | null> =>
  (data.primaryType === "Answer"
    ? recoverTypedDataAddress({ ...data, signature })
    : recoverTypedDataAddress({ ...data, signature })
  ).catch(() => null);

const oracleAbi = parseAbi([
  "function get(bytes32 question) view returns (uint8 status, int96 value, uint40 at, uint16 confidence)",
]);
/** `Status` of IOracle.sol, in its order. */
const STATUSES = ["unknown", "open", "answered", "disputed", "final", "invalid"] as const;
/** A node may run a call at the time of the block after: what only the clock brings may have come there. */
const COMES_WITH_TIME: Partial<Record<Answer["status"], readonly string[]>> = {
  open: ["invalid"],
  answered: ["final", "invalid"],
};

async function compareWithChain(chain: NonNullable<VerifyOptions["chain"]>, answer: Answer): Promise<void> {
  const blockNumber = BigInt(answer.block.number);
  const [block, [code, value]] = await Promise.all([
    chain.getBlock({ blockNumber }),
    chain.readContract({
      address: answer.oracle as Hex,
      abi: oracleAbi,
      functionName: "get",
      args: [answer.question as Hex],
      blockNumber,
    }),
  ]);
  if (!same(block.hash, answer.block.hash))
    throw new StatementError("other_branch", `block ${blockNumber} is ${block.hash} here`);
  const status = STATUSES[code] ?? "unknown";
  const sameStatus = status === answer.status || COMES_WITH_TIME[answer.status]?.includes(status) === true;
  // The value of an invalid question means nothing, and the contract gives none.
  const sameValue = status === "open" || status === "invalid" || String(value) === answer.value;
  if (!sameStatus || !sameValue)
    throw new StatementError("not_on_chain", `the contract says ${status} ${value}, not ${answer.status}`);
}

const same = (a: string | null, b: string | null): boolean => a?.toLowerCase() === b?.toLowerCase();
const machineTime = (): number => Math.floor(Date.now() / 1000);
