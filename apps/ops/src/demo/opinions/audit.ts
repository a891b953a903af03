import { testDollarAbi } from "@sooth/abi";
import { localParams, oracleLimitsOf } from "@sooth/chain";
import { type Address, need, sameAddress } from "@sooth/kernel";
import { recompute } from "@sooth/markets/core";
import { fetchRawLogs, readProofLogs } from "../../audit/read-logs.ts";
import { recoverSigners } from "../../audit/signers.ts";
import { FAUCET } from "../audit.ts";
import { money } from "../cast.ts";
import { inLanes, type OpenedOpinions, type OpinionCast } from "./cast.ts";
import { opinionReader } from "./read-logs.ts";
import { type Reckoned, reckonMarkets } from "./reckon.ts";
import { wrongSheets } from "./sheets.ts";

export type OpinionAudit = {
  markets: Reckoned[];
  logs: number;
  /** Label sheets of providers that were worked out again from their labels. */
  sheets: number;
  /** Empty when the money is right to the unit. */
  differences: string[];
};

/**
 * Works out answers, scores, draws and every pay-out again from chain logs, and the scores that providers signed from their
 * labels; compares all of it with what was paid and with every token balance. Asks the node, and the API for the texts of sheets.
 */
export async function auditOpinions(
  cast: OpinionCast,
  opened: readonly OpenedOpinions[],
): Promise<OpinionAudit> {
  const { hub, addresses, startBlock } = cast;
  const [head, ours] = await Promise.all([hub.client.getBlock(), opinionReader(cast)()]);
  const raws = await fetchRawLogs(hub.client, addresses, startBlock, Number(head.number));
  const { logs, findings } = readProofLogs(raws, addresses);
  const domain = {
    chainId: need(hub.client.chain, "chain").id,
    oracle: addresses.oracle,
    addresses,
    params: { ...localParams, limits: oracleLimitsOf(localParams) },
  };
  const replayed = recompute(logs, domain, recoverSigners(logs, domain), Number(head.timestamp));
  const markets = reckonMarkets(ours, {
    answerOf: (question) => {
      const word = replayed.oracle.questions.get(question)?.word;
      return word?.state === "answered" && word.finalizeAt <= Number(head.timestamp) ? word : null;
    },
    seedOf: (round) => replayed.oracle.seeds.get(round) ?? null,
  });
  const sheets = await wrongSheets(cast, markets);
  const differences = [
    ...[...findings, ...replayed.findings].map(({ where, what }) => `log ${where}: ${what}`),
    ...opened.flatMap((market) => wrongMarket(cast, market, markets)),
    ...sheets.wrong,
    ...(await wrongBalances(cast, markets, head.number)),
  ];
  return { markets, logs: logs.length + ours.length, sheets: sheets.read, differences };
}

/** Whether what was planned is what stands there, and whether it came out as the formulas say. */
function wrongMarket(
  { people }: OpinionCast,
  { key, market, planned }: OpenedOpinions,
  markets: readonly Reckoned[],
): string[] {
  const found = markets.find((one) => one.market === market);
  if (!found) return [`${key}: its market is not in the logs`];
  const placed = planned.opinions.filter(({ person, amount, band }) =>
    found.positions.some(
      (one) =>
        sameAddress(one.owner, need(people[person], `person ${person}`).address) &&
        one.amount === amount &&
        one.band === band,
    ),
  );
  return [
    ...(found.statement === planned.statement ? [] : ["its statement is another"]),
    ...(placed.length === planned.opinions.length && found.positions.length === placed.length
      ? []
      : [`${planned.opinions.length} people staked, in the logs are ${found.positions.length}`]),
    ...(found.ending === "scored" ? [] : [`it ended ${found.ending}`]),
    ...found.wrong,
    ...found.left.map((what) => `not paid: ${what}`),
  ].map((what) => `${key}: ${what}`);
}

/** Money that somebody has by his token balance, and should have by the logs. */
async function wrongBalances(
  { hub, addresses, people, creator }: OpinionCast,
  markets: readonly Reckoned[],
  blockNumber: bigint,
): Promise<string[]> {
  const wanted: { who: string; holder: Address; amount: bigint }[] = [
    ...people.map(({ address }) => ({
      who: address,
      holder: address,
      amount: markets.reduce((sum, market) => sum + earned(market, address), FAUCET),
    })),
    {
      who: "the creator",
      holder: creator.address,
      amount: markets.reduce((sum, { feePaid }) => sum + (feePaid ?? 0n), 0n),
    },
    {
      who: "the contract of opinions",
      holder: addresses.opinions,
      amount: markets.reduce((sum, { held }) => sum + held, 0n),
    },
  ];
  const wrong: string[] = [];
  await inLanes(wanted, 8, async ({ who, holder, amount }) => {
    const held = await hub.client.readContract({
      address: addresses.collateral,
      abi: testDollarAbi,
      functionName: "balanceOf",
      args: [holder],
      blockNumber,
    });
    if (held !== amount) wrong.push(`${who} holds ${money(held)}, by the logs it is ${money(amount)}`);
  });
  return wrong;
}

/** What one market brought a person, all told; negative where he lost. */
function earned({ positions, prizes }: Reckoned, owner: Address): bigint {
  const won = prizes
    .filter(({ paidTo }) => paidTo !== null && sameAddress(paidTo, owner))
    .reduce((sum, prize) => sum + prize.amount, 0n);
  return positions
    .filter((one) => sameAddress(one.owner, owner))
    .reduce((sum, { amount, paid }) => sum - amount + (paid ?? 0n), won);
}
