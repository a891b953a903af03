import { testDollarAbi } from "@sooth/abi";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import { encodeFunctionData, type LocalAccount } from "viem";
import { z } from "zod";
import { waitFor } from "../waiting.ts";
import { type Cast, money, type OpenedMarket } from "./cast.ts";
import { demoKey, stakeDirect, stakeGasless } from "./traders.ts";
import { preparedMarket, preparedQuestion } from "./wire.ts";
import { TRADERS } from "./scenario.ts";

const REWARD = 20_000_000n;
const ETHER_EACH = 1n;

export const demoTraders = (seed: number): LocalAccount[] =>
  Array.from({ length: TRADERS }, (_, index) => demoKey(seed, `trader ${index + 1}`));

/** Test dollars for everybody, ether for those who pay their own gas. */
export async function fillPurses(cast: Cast): Promise<void> {
  const { hub, asker, traders, scenario, addresses } = cast;
  const gasless = new Set(scenario.stakes.filter((stake) => stake.gasless).map((stake) => stake.trader));
  const payers = traders.filter((_, index) => !gasless.has(index));
  await Promise.all([asker, ...payers].map((account) => hub.giveEther(account.address, ETHER_EACH)));
  const faucet = (to: Address) => ({
    to: addresses.collateral,
    data: encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [to] }),
    value: "0",
    purpose: `test dollars for ${to}`,
  });
  await hub.sendAll(
    asker,
    [asker, ...traders].map((account) => faucet(account.address)),
  );
  await cast.say(
    `${traders.length} traders hold test dollars; ${gasless.size} of them own no ether and will only sign`,
  );
}

/** Asks the five questions and opens a market on each. */
export async function openMarkets(cast: Cast): Promise<OpenedMarket[]> {
  const { api, hub, asker, scenario } = cast;
  const opened: OpenedMarket[] = [];
  for (const planned of scenario.markets) {
    const question = await api.post(
      "/v1/questions/prepare",
      {
        schema: { ...planned.schema, sources: cast.sourcesFor(planned) },
        opensAt: planned.opensAt,
        deadline: planned.deadline,
        liveness: planned.liveness,
        reward: String(REWARD),
        asker: asker.address,
      },
      preparedQuestion,
    );
    await hub.send(asker, question.calls);
    await cast.say(`asked: ${planned.schema.text}  (reward ${money(REWARD)})`);
    await cast.checkpoint();
    await knownToApi(cast, `/v1/questions/${question.id}`);
    const market = await api.post(
      "/v1/markets/prepare",
      {
        question: question.id,
        creator: asker.address,
        closesAt: planned.closesAt,
        feeBps: planned.feeBps,
        outcomes: planned.outcomes.length,
        cuts: planned.cuts.map(String),
      },
      preparedMarket,
    );
    await hub.send(asker, market.calls);
    await cast.say(`opened its market: ${planned.outcomes.join(" | ")}  (fee ${planned.feeBps / 100} %)`);
    await cast.checkpoint();
    await knownToApi(cast, `/v1/markets/${market.id}`);
    opened.push({ key: planned.key, planned, question: question.id as Hex, market: market.id as Hex });
  }
  return opened;
}

/** The API tells of a block a moment after it was mined. */
const knownToApi = ({ api, patience }: Cast, path: string): Promise<unknown> =>
  waitFor(path, () => api.get(path, z.object({ id: z.string() })), { seconds: patience });

/** Everybody stakes: each trader one stake after the other, the traders at the same time. */
export async function placeStakes(cast: Cast, opened: readonly OpenedMarket[]): Promise<void> {
  const { scenario, traders } = cast;
  const ways = { hub: cast.hub, api: cast.api, markets: cast.addresses.markets };
  const byTrader = Map.groupBy(scenario.stakes, (stake) => stake.trader);
  await Promise.all(
    [...byTrader].map(async ([index, stakes]) => {
      const trader = at(traders, index);
      for (const { market, outcome, amount, gasless } of stakes) {
        const target = need(
          opened.find(({ key }) => key === market),
          `market ${market}`,
        );
        const order = { market: target.market, outcome, amount };
        await (gasless ? stakeGasless : stakeDirect)(ways, trader, order);
        const way = gasless ? "signed, gas paid by the platform" : "own gas";
        await cast.say(
          `trader ${String(index + 1).padStart(2, "0")} stakes ${money(amount).padStart(10)} on "${at(target.planned.outcomes, outcome)}" of ${market}  (${way})`,
        );
      }
      await cast.checkpoint();
    }),
  );
}
