import { testDollarAbi } from "@sooth/abi";
import { localParams, oracleLimitsOf } from "@sooth/chain";
import { type Address, at, need, sameAddress } from "@sooth/kernel";
import { outcomeOf, type ProofLog, type ProvenMarket, recompute, type Recomputed } from "@sooth/markets/core";
import { fetchRawLogs, readProofLogs } from "../audit/read-logs.ts";
import { recoverSigners } from "../audit/signers.ts";
import { type Cast, money, type OpenedMarket } from "./cast.ts";

/** What the faucet gives, in millionths. */
export const FAUCET = 10_000_000_000n;

export type Audit = {
  recomputed: Recomputed;
  logs: number;
  signatures: number;
  /** Empty when the money is right to the unit. */
  differences: string[];
};

/**
 * Works out every pay-out from chain logs alone and compares it with what was paid, with every token balance, and with
 * what the price file says must have come out. Asks nobody but the node.
 */
export async function audit(cast: Cast, opened: readonly OpenedMarket[], startBlock: number): Promise<Audit> {
  const { hub, addresses } = cast;
  const head = await hub.client.getBlock();
  const raws = await fetchRawLogs(hub.client, addresses, startBlock, Number(head.number));
  const { logs, findings } = readProofLogs(raws, addresses);
  const chainId = need(hub.client.chain, "chain").id;
  const domain = {
    chainId,
    oracle: addresses.oracle,
    addresses,
    params: { ...localParams, limits: oracleLimitsOf(localParams) },
  };
  const signerOf = recoverSigners(logs, domain);
  const recomputed = recompute(logs, domain, signerOf, Number(head.timestamp));
  const differences = [
    ...[...findings, ...recomputed.findings].map(({ where, what }) => `log ${where}: ${what}`),
    ...unpaid(recomputed),
    ...opened.flatMap((market) => wrongOutcome(recomputed, market, answers(logs))),
    ...(await wrongBalances(cast, recomputed, head.number)),
  ];
  const signatures = logs.filter(({ event }) => event === "Answered" || event === "Reopened").length;
  return { recomputed, logs: logs.length, signatures, differences };
}

const unpaid = ({ rows }: Recomputed): string[] =>
  rows
    .filter(({ due, paid }) => due === null || (paid ?? 0n) !== due)
    .map(({ market, owner, outcome, due, paid }) => {
      const wanted = due === null ? "not settled" : `due ${money(due)}`;
      return `${owner} on outcome ${outcome} of ${market}: ${wanted}, paid ${money(paid ?? 0n)}`;
    });

type Answered = { question: string; value: bigint };

const answers = (logs: readonly ProofLog[]): Answered[] =>
  logs.flatMap((log) =>
    log.event === "Answered" ? [{ question: log.args.question, value: valueOf(log.args.word) }] : [],
  );

/** The low 96 bits of an answer word, signed. Source: AnswerWord.sol. */
const valueOf = (word: bigint): bigint => BigInt.asIntN(96, word);

function wrongOutcome(
  { markets }: Recomputed,
  opened: OpenedMarket,
  answered: readonly Answered[],
): string[] {
  const { planned, market, question, key } = opened;
  const proven = markets.find((one) => one.market === market);
  const answer = answered.find((one) => one.question === question);
  if (!proven) return [`${key}: its market is not in the logs`];
  if (planned.expected === "refund")
    return proven.result?.kind === "void" && !answer ? [] : [`${key}: nobody can know, yet it was answered`];
  if (!answer) return [`${key}: was never answered`];
  const outcome = outcomeOf(answer.value, { cuts: planned.cuts });
  const wrong = answer.value !== planned.expected.value || outcome !== planned.expected.outcome;
  return wrong
    ? [`${key}: answered ${answer.value}, but by the price file it is ${planned.expected.value}`]
    : wrongEnding(proven, outcome, key);
}

function wrongEnding({ result, pools }: ProvenMarket, outcome: number, key: string): string[] {
  const right =
    at(pools, outcome) === 0n ? result?.kind === "void" : result?.kind === "won" && result.winner === outcome;
  return right ? [] : [`${key}: "${outcome}" was answered, but the market ended otherwise`];
}

async function wrongBalances(
  cast: Cast,
  { rows, markets }: Recomputed,
  blockNumber: bigint,
): Promise<string[]> {
  const balanceOf = (owner: Address): Promise<bigint> =>
    cast.hub.client.readContract({
      address: cast.addresses.collateral,
      abi: testDollarAbi,
      functionName: "balanceOf",
      args: [owner],
      blockNumber,
    });
  const traders = await Promise.all(
    cast.traders.map(async ({ address }) => {
      const own = rows.filter(({ owner }) => sameAddress(owner, address));
      const wanted = own.reduce((sum, { staked, paid }) => sum - staked + (paid ?? 0n), FAUCET);
      const held = await balanceOf(address);
      return held === wanted ? [] : [`${address} holds ${money(held)}, by the logs it is ${money(wanted)}`];
    }),
  );
  const left = markets.reduce((sum, { dust, fee, feePaid }) => sum + dust + (feePaid ? 0n : fee), 0n);
  const held = await balanceOf(cast.addresses.markets);
  const pool =
    held === left ? [] : [`the markets contract holds ${money(held)}, by the logs it is ${money(left)}`];
  return [...traders.flat(), ...pool];
}
