import { marketsAbi, oracleAbi } from "@sooth/abi";
import { type Address, at } from "@sooth/kernel";
import { outcomeOf } from "@sooth/markets/core";
import { BaseError, ContractFunctionRevertedError } from "viem";
import { waitFor } from "../waiting.ts";
import { type Cast, money, type OpenedMarket } from "./cast.ts";
import { wireQuestionDetail } from "./wire.ts";

/** Status of IOracle, in its order. */
const STATUS = ["unknown", "open", "answered", "disputed", "final", "invalid"] as const;
type Status = (typeof STATUS)[number];
/** A block's time is never exactly the wanted one; this much later is surely past it. */
const A_MOMENT = 2;
/** Providers give a late source some time before they sign "too early"; this much later they sign. */
const PATIENCE_OF_PROVIDERS = 120;

type Answer = { status: Status; value: bigint; at: number; confidence: number };

async function answerOf({ hub, addresses }: Cast, { question }: OpenedMarket): Promise<Answer> {
  const [status, value, when, confidence] = await hub.client.readContract({
    address: addresses.oracle,
    abi: oracleAbi,
    functionName: "get",
    args: [question],
  });
  return { status: at(STATUS, status), value, at: when, confidence };
}

/** From the moment that the question may be answered to the last pay-out. */
export async function settle(cast: Cast, opened: OpenedMarket): Promise<void> {
  const { planned, key } = opened;
  await refuseLateStake(cast, opened);
  await cast.hub.warpTo(planned.opensAt + A_MOMENT);
  await cast.say(`${key}: providers may report now`);
  await cast.checkpoint();
  if (planned.endsAfter > 0) await cast.hub.warpTo(planned.opensAt + PATIENCE_OF_PROVIDERS);
  if (planned.sourceless) await passDeadline(cast, opened);
  else await awaitAnswer(cast, opened);
  await cast.checkpoint();
  await awaitClaims(cast, opened);
}

/** Shows that the contract itself closes a market, past every server. */
async function refuseLateStake(cast: Cast, { planned, market, key }: OpenedMarket): Promise<void> {
  await cast.hub.warpTo(planned.closesAt + A_MOMENT);
  const refusal = await cast.hub.client
    .simulateContract({
      address: cast.addresses.markets,
      abi: marketsAbi,
      functionName: "stake",
      args: [market, 0, 1_000_000n],
      account: cast.asker,
    })
    .then(
      () => "nobody",
      (error: unknown) => revertName(error),
    );
  await cast.say(`${key}: closed; a late stake is refused by ${refusal}`);
}

function revertName(error: unknown): string {
  const revert =
    error instanceof BaseError ? error.walk((e) => e instanceof ContractFunctionRevertedError) : null;
  return revert instanceof ContractFunctionRevertedError
    ? (revert.data?.errorName ?? revert.shortMessage)
    : String(error);
}

async function awaitAnswer(cast: Cast, opened: OpenedMarket): Promise<void> {
  let seen: Answer | undefined;
  const look = async (wanted: (answer: Answer) => boolean) => {
    seen = await answerOf(cast, opened);
    return wanted(seen) ? seen : undefined;
  };
  const patience = { seconds: cast.patience, saw: () => `${seen?.status} until ${seen?.at}` };
  const { planned, key } = opened;
  if (planned.endsAfter > 0) {
    const reopened = await waitFor(
      `${key} to be reopened`,
      () => look((a) => a.status === "open" && a.at > planned.opensAt),
      patience,
    );
    await cast.say(
      `${key}: asked too early; a quorum says so, and the question is open again from ${clock(reopened.at)}`,
    );
    await cast.checkpoint();
    await cast.hub.warpTo(reopened.at + A_MOMENT);
  }
  const answered = await waitFor(`an answer to ${key}`, () => look((a) => a.status === "answered"), patience);
  await tellReports(cast, opened, answered);
  await cast.checkpoint();
  await cast.hub.warpTo(answered.at);
  await cast.say(`${key}: final, by time alone`);
}

/** What each provider said, and which sources were dropped for what. */
async function tellReports(cast: Cast, { question, key }: OpenedMarket, answer: Answer): Promise<void> {
  const detail = await waitFor(
    `the API to know the answer to ${key}`,
    async () => {
      const found = await cast.api.get(`/v1/questions/${question}`, wireQuestionDetail);
      return found.value === null ? undefined : found;
    },
    { seconds: cast.patience },
  );
  await cast.say(
    `${key}: answered "${detail.label ?? answer.value}", confidence ${answer.confidence / 100} %`,
  );
  for (const report of detail.reports.filter(({ round }) => round === detail.round)) {
    const dropped = report.observations
      .filter((o) => o.dropped !== null)
      .map((o) => `${o.source} dropped: ${o.dropped}`);
    const read = report.observations.filter((o) => o.dropped === null).map((o) => `${o.source} ${o.value}`);
    await cast.say(
      `  provider ${report.provider.slice(0, 8)} said ${report.label}  [${[...read, ...dropped].join("; ")}]`,
    );
  }
}

async function passDeadline(cast: Cast, opened: OpenedMarket): Promise<void> {
  await cast.hub.warpTo(opened.planned.deadline + A_MOMENT);
  const { status } = await answerOf(cast, opened);
  await cast.say(
    `${opened.key}: no source knows it, no quorum by the deadline: ${status}, everybody is refunded`,
  );
}

/** Waits until every position that has something to claim was paid, and takes the creator's fee. */
async function awaitClaims(cast: Cast, opened: OpenedMarket): Promise<void> {
  const { hub, addresses } = cast;
  const { planned, market, key } = opened;
  const answer = await answerOf(cast, opened);
  const markets = { address: addresses.markets, abi: marketsAbi } as const;
  const winner = answer.status === "final" ? outcomeOf(answer.value, { cuts: planned.cuts }) : null;
  const pools = await Promise.all(
    planned.outcomes.map((_, outcome) =>
      hub.client.readContract({ ...markets, functionName: "poolOf", args: [market, outcome] }),
    ),
  );
  const isVoid = winner === null || at(pools, winner) === 0n;
  const staked = await hub.client.getContractEvents({
    ...markets,
    eventName: "Staked",
    args: { market },
    fromBlock: 0n,
    strict: true,
  });
  const owed = new Map<string, { owner: Address; outcome: number }>();
  for (const { args } of staked)
    if (isVoid || args.outcome === winner) owed.set(`${args.owner} ${args.outcome}`, args);
  let open = owed.size;
  await waitFor(
    `the pay-outs of ${key}`,
    async () => {
      const left = await Promise.all(
        [...owed.values()].map(({ owner, outcome }) =>
          hub.client.readContract({ ...markets, functionName: "positionOf", args: [market, outcome, owner] }),
        ),
      );
      open = left.filter((amount) => amount > 0n).length;
      return open === 0 ? true : undefined;
    },
    { seconds: cast.patience, saw: () => `${open} of ${owed.size} positions unpaid`, everyMs: 250 },
  );
  const pool = pools.reduce((a, b) => a + b, 0n);
  await cast.say(
    `${key}: ${isVoid ? "void" : `"${at(planned.outcomes, winner)}" won`}; ${owed.size} positions paid out of a pool of ${money(pool)}`,
  );
  if (!isVoid && planned.feeBps > 0) await awaitFee(cast, opened);
}

async function awaitFee(cast: Cast, { market, key }: OpenedMarket): Promise<void> {
  const fee = await waitFor(
    `the fee of ${key}`,
    async () => {
      const [collected] = await cast.hub.client.getContractEvents({
        address: cast.addresses.markets,
        abi: marketsAbi,
        eventName: "FeeCollected",
        args: { market },
        fromBlock: 0n,
        strict: true,
      });
      return collected?.args.fee;
    },
    { seconds: cast.patience, saw: () => "the keeper has not collected it", everyMs: 250 },
  );
  await cast.say(`${key}: its creator has the fee of ${money(fee)}`);
}

export const clock = (timestamp: number): string =>
  new Date(timestamp * 1_000).toISOString().slice(0, 16).replace("T", " ");
