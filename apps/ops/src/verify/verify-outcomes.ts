import { oracleAbi, outcomeTokensAbi, testDollarAbi } from "@sooth/abi";
import { type Deployment, readDeployment } from "@sooth/chain";
import { type Hex, sameAddress } from "@sooth/kernel";
import {
  type AskedOutcomes,
  checkSets,
  orderFromChain,
  type MatchedOrders,
  type OutcomeLog,
  outcomeName,
  questionKeyOf,
  type ReplayedOutcomes,
  replayOutcomes,
} from "@sooth/markets/core";
import { decodeLogs, noteOn, type ProofFinding, type ProofRecord, termsFromChain } from "@sooth/oracle/core";
import { createPublicClient, decodeFunctionData, getAbiItem, http, type PublicClient } from "viem";
import { OpsError } from "../ops-error.ts";
import { askNode } from "./log-source.ts";

const BLOCKS_EACH = 1_000n;
/** As `Status` of the oracle counts them. */
const [FINAL, WITHOUT_ANSWER] = [4, 5];

export type VerifiedOutcomes = {
  chainId: number;
  head: { block: number; at: number };
  logs: number;
  questions: number;
  holders: number;
  matches: { checked: number; unread: number };
  settled: number;
  /** Decimal, smallest units: by the collateral token, by what came in and went out, and at most to be paid. */
  money: { balance: string; left: string; owed: string };
  findings: ProofFinding[];
};

/**
 * Replays all logs of OutcomeTokens up to the node's head, and holds them against what the contracts say there. Nothing but the node is
 * asked. `only`: what differs of this question alone, and of the contract's money as a whole.
 * @throws ops.no_node, ops.no_deployment, ops.no_question where no log speaks of it
 */
export const verifyOutcomes = (
  rpcUrl: string,
  o: { deployment: Deployment | undefined; only: Hex | null },
): Promise<VerifiedOutcomes> =>
  askNode(rpcUrl, async () => {
    const client = createPublicClient({ transport: http(rpcUrl, { batch: true }) });
    const chainId = await client.getChainId();
    const deployment = o.deployment ?? (await readDeployment(chainId));
    if (!deployment) throw OpsError.no_deployment({ chainId });
    const { addresses } = deployment;
    const block = await client.getBlock();
    const head = { block: Number(block.number), at: Number(block.timestamp) };
    const record: ProofRecord = { lines: [], findings: [] };
    const read = await outcomeLogs(client, deployment, block.number);
    record.findings.push(...read.findings);
    const { logs } = read;
    const key = o.only && questionKeyOf(BigInt(o.only));
    if (key !== null && !logs.some((log) => keyOfLog(log) === key))
      throw OpsError.no_question({ question: o.only ?? "0x", chainId, block: head.block });
    const [asked, orders] = await Promise.all([
      askedOutcomes(client, deployment, logs, block.number),
      matchedOrders(client, deployment, logs),
    ]);
    const replayed = replayOutcomes(logs, asked, (log) => orders.get(log.transaction) ?? null, record);
    const end = { block: head.block, logIndex: 0, at: head.at, transaction: "0x" as const };
    const { held, owed } = checkSets(replayed.books, end, record);
    const wrong = await otherBalances(client, deployment, replayed, block.number);
    for (const { owner, id, amount, says } of wrong)
      noteOn(record, end, questionKeyOf(id)).differ(
        `${owner} holds ${amount} ${outcomeName(id)} by the logs, and ${says} by the contract`,
      );
    const balance = await client.readContract({
      address: addresses.collateral,
      abi: testDollarAbi,
      functionName: "balanceOf",
      args: [addresses.outcomeTokens],
      blockNumber: block.number,
    });
    if (balance < held)
      noteOn(record, end, null).differ(
        `the contract holds ${balance}, and ${held} is left of what came in: ${held - balance} are missing`,
      );
    const findings = record.findings.filter(
      ({ subject }) => key === null || subject === null || questionKeyOf(BigInt(subject)) === key,
    );
    return {
      chainId,
      head,
      logs: logs.length,
      questions: replayed.books.size,
      holders: new Set([...replayed.balances.values()].map(({ owner }) => owner.toLowerCase())).size,
      matches: replayed.matches,
      settled: [...replayed.books.values()].filter(({ result }) => result !== null).length,
      money: { balance: String(balance), left: String(held), owed: String(owed) },
      findings,
    };
  });

const keyOfLog = (log: OutcomeLog): Hex | null => {
  if (log.event === "Transfer") return questionKeyOf(log.args.id);
  return "question" in log.args ? questionKeyOf(BigInt(log.args.question)) : null;
};

async function outcomeLogs(
  client: PublicClient,
  { addresses, startBlock = 0 }: Deployment,
  head: bigint,
): Promise<{ logs: OutcomeLog[]; findings: ProofFinding[] }> {
  const raws = [];
  for (let from = BigInt(startBlock); from <= head; from += BLOCKS_EACH) {
    const to = from + BLOCKS_EACH - 1n < head ? from + BLOCKS_EACH - 1n : head;
    const found = await client.getLogs({ address: addresses.outcomeTokens, fromBlock: from, toBlock: to });
    for (const { address, topics, data, blockNumber, logIndex, transactionHash } of found)
      raws.push({
        address,
        topics,
        data,
        block: Number(blockNumber),
        at: 0, // nothing here follows from the time
        logIndex,
        transaction: transactionHash,
      });
  }
  return decodeLogs<OutcomeLog>(raws, [{ address: addresses.outcomeTokens, abi: outcomeTokensAbi }]);
}

/** Of each question that a log names: its terms, as its asker logged them, and its final answer. */
async function askedOutcomes(
  client: PublicClient,
  { addresses, startBlock = 0 }: Deployment,
  logs: readonly OutcomeLog[],
  blockNumber: bigint,
): Promise<Map<Hex, AskedOutcomes>> {
  const named = logs.flatMap((log) =>
    log.event === "Settled" || log.event === "Converted" ? [log.args.question] : [],
  );
  const found = new Map<Hex, AskedOutcomes>();
  await Promise.all(
    [...new Set(named)].map(async (question) => {
      const [asked] = await client.getLogs({
        address: addresses.oracle,
        event: getAbiItem({ abi: oracleAbi, name: "Asked" }),
        args: { question },
        strict: true,
        fromBlock: BigInt(startBlock),
        toBlock: blockNumber,
      });
      if (!asked) return;
      const [status, value] = await client.readContract({
        address: addresses.oracle,
        abi: oracleAbi,
        functionName: "get",
        args: [question],
        blockNumber,
      });
      const invalid = status === WITHOUT_ANSWER;
      found.set(question, {
        terms: termsFromChain(asked.args.terms),
        result: invalid ? { kind: "invalid" } : status === FINAL ? { kind: "answered", value } : null,
      });
    }),
  );
  return found;
}

/** What the two of each match signed, from the calldata of transactions that call the contract itself; each has one match. */
async function matchedOrders(
  client: PublicClient,
  { addresses }: Deployment,
  logs: readonly OutcomeLog[],
): Promise<Map<Hex, MatchedOrders>> {
  const hashes = [...new Set(logs.flatMap((log) => (log.event === "Matched" ? [log.transaction] : [])))];
  const found = await Promise.all(
    hashes.map(async (hash) => {
      const { to, input } = await client.getTransaction({ hash });
      if (to === null || !sameAddress(to, addresses.outcomeTokens)) return [hash, null] as const;
      const { functionName, args } = decodeFunctionData({ abi: outcomeTokensAbi, data: input });
      if (functionName !== "matchOrders") return [hash, null] as const;
      return [hash, { taker: orderFromChain(args[0]), maker: orderFromChain(args[2]) }] as const;
    }),
  );
  return new Map(found);
}

/** Holders of whom the contract says something else than the logs. */
async function otherBalances(
  client: PublicClient,
  { addresses }: Deployment,
  { balances }: ReplayedOutcomes,
  blockNumber: bigint,
) {
  const said = await Promise.all(
    [...balances.values()].map(async (held) => {
      const says = await client.readContract({
        address: addresses.outcomeTokens,
        abi: outcomeTokensAbi,
        functionName: "balanceOf",
        args: [held.owner, held.id],
        blockNumber,
      });
      return { ...held, says };
    }),
  );
  return said.filter(({ amount, says }) => amount !== says);
}

export function verifiedOutcomesText(verified: VerifiedOutcomes): string[] {
  const { chainId, head, logs, questions, holders, matches, settled, money, findings } = verified;
  return [
    `outcome tokens of chain ${chainId} up to block ${head.block}: ${logs} logs, ${questions} questions, ${holders} holders`,
    `settled ${settled}; matches within both orders ${matches.checked}, brought by other contracts and not looked at ${matches.unread}`,
    `collateral ${money.balance} held, ${money.left} left of what came in, ${money.owed} owed at most`,
    ...findings.map(({ where, subject, what }) => `DIFFERS  ${where}  ${subject ?? "the contract"}  ${what}`),
    findings.length === 0 ? "nothing differs" : `${findings.length} differ`,
  ];
}
