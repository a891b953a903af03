import { oracleAbi } from "@sooth/abi";
import { AppError, appErrorIn, type Hex, sameAddress } from "@sooth/kernel";
import {
  BaseError,
  decodeFunctionData,
  keccak256,
  type LocalAccount,
  parseEventLogs,
  parseTransaction,
  recoverTransactionAddress,
  TransactionReceiptNotFoundError,
  type TransactionSerialized,
} from "viem";
import {
  finalityOf,
  GatewayError,
  OracleError,
  questionId,
  schemaHash,
  type SignedReceipt,
  type Terms,
  termsFromChain,
} from "../../core/index.ts";
import { chainTime, chainTimeSoon } from "../clock.ts";
import type { ApiDeps } from "../deps.ts";
import { questionById } from "../questions.ts";
import { issueReceipt, receiptFor } from "./receipts.ts";

type Deps = Pick<ApiDeps, "store" | "hub" | "addresses">;

/** For a question that the tables hold. @throws oracle.unknown_question */
export async function questionReceipt(deps: Deps, account: LocalAccount, id: Hex): Promise<SignedReceipt> {
  const before = await receiptFor(deps.store.db, `question:${id}`);
  if (before) return before;
  const question = await questionById(deps.store.db, id);
  if (!question) throw OracleError.unknown_question({ question: id });
  return onChain(deps, account, question, question.askedIn);
}

/** For every question that a mined transaction asked, whoever called the oracle in it. @throws gateway.not_mined, gateway.bad_ask */
export async function minedReceipts(deps: Deps, account: LocalAccount, hash: Hex): Promise<SignedReceipt[]> {
  const mined = await deps.hub.client.getTransactionReceipt({ hash }).catch((error: unknown) => {
    if (error instanceof TransactionReceiptNotFoundError) throw GatewayError.not_mined({ transaction: hash });
    throw error;
  });
  const logs = mined.logs.filter(({ address }) => sameAddress(address, deps.addresses.oracle));
  const asked = parseEventLogs({ abi: oracleAbi, eventName: "Asked", logs });
  if (asked.length === 0) throw GatewayError.bad_ask({ what: "this transaction asked nothing" });
  return Promise.all(
    asked.map(({ args }) => {
      const terms = termsFromChain(args.terms);
      return onChain(deps, account, { id: args.question, terms, round: 0, word: freshWord(terms) }, hash);
    }),
  );
}

/**
 * Sends a transaction that its asker signed, and says what it will ask. The chain is tried first, so what is confirmed
 * is what would happen now; a reorg or another transaction may still change that, which the kind of receipt tells.
 * @throws gateway.bad_ask
 */
export async function sendAsk(deps: Deps, account: LocalAccount, serialized: Hex): Promise<SignedReceipt> {
  const { id, terms, asker, data } = await readAsk(deps, serialized as TransactionSerialized);
  const hash = keccak256(serialized);
  const before = await receiptFor(deps.store.db, `transaction:${hash}`);
  if (before) return before;
  const now = await chainTime(deps.hub);
  const { client } = deps.hub;
  await client
    .call({ account: asker, to: deps.addresses.oracle, data })
    .then(() => client.sendRawTransaction({ serializedTransaction: serialized as TransactionSerialized }))
    .catch(async (error: unknown) => {
      const away = appErrorIn(error);
      if (away) throw away;
      // Sent before, by us or by the asker himself: then it is where it should be.
      const known = await client.getTransaction({ hash }).catch(() => null);
      if (known === null) throw GatewayError.bad_ask({ what: reasonOf(error) }, { cause: error });
    });
  return issueReceipt(deps.store.db, account, `transaction:${hash}`, {
    chainId: deps.hub.definition.id,
    oracle: deps.addresses.oracle,
    kind: "transaction",
    question: id,
    subject: asker,
    seat: null,
    epoch: null,
    round: 0,
    accepted: hash,
    receivedAt: now,
    ...finalityOf(freshWord(terms), terms, now),
  });
}

const freshWord = ({ deadline, opensAt }: Terms) =>
  ({ state: "open", deadline, notBefore: opensAt, round: 0, rewardSettled: false }) as const;

const reasonOf = (error: unknown): string =>
  error instanceof BaseError
    ? (error.shortMessage.split("\n")[0] ?? "the chain refused it")
    : "the chain refused it";

async function onChain(
  deps: Deps,
  account: LocalAccount,
  question: { id: Hex; terms: Terms; round: number; word: Parameters<typeof finalityOf>[0] },
  transaction: Hex,
): Promise<SignedReceipt> {
  const { db } = deps.store;
  const { id, terms, word } = question;
  const before = await receiptFor(db, `question:${id}`);
  if (before) return before;
  const now = await chainTimeSoon(deps.hub);
  return issueReceipt(db, account, `question:${id}`, {
    chainId: deps.hub.definition.id,
    oracle: deps.addresses.oracle,
    kind: "question",
    question: id,
    subject: terms.asker,
    seat: null,
    epoch: null,
    round: question.round,
    accepted: transaction,
    receivedAt: now,
    ...finalityOf(word, terms, now),
  });
}

const refuse = (what: string, cause?: unknown) => GatewayError.bad_ask({ what }, { cause });

async function readAsk(
  { hub, addresses }: Pick<Deps, "hub" | "addresses">,
  serialized: TransactionSerialized,
): Promise<{ id: Hex; terms: Terms; asker: Hex; data: Hex }> {
  try {
    const { to, data, chainId } = parseTransaction(serialized);
    const asker = await recoverTransactionAddress({ serializedTransaction: serialized });
    if (chainId !== hub.definition.id) throw refuse(`it is signed for chain ${chainId}`);
    if (!to || !data || !sameAddress(to, addresses.oracle)) throw refuse("it does not call the oracle");
    const call = decodeFunctionData({ abi: oracleAbi, data });
    if (call.functionName !== "ask") throw refuse(`it calls ${call.functionName}, not ask`);
    const [chainTerms, schema] = call.args;
    const terms = termsFromChain(chainTerms);
    if (!sameAddress(terms.asker, asker)) throw refuse("its sender is not the asker");
    if (schemaHash(schema) !== terms.schema) throw refuse("its schema is not the one that its terms name");
    return { id: questionId(terms), terms, asker, data };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refuse("it cannot be read as a signed transaction", error);
  }
}
