import { testDollarAbi } from "@sooth/abi";
import { type Address, at, type Hex } from "@sooth/kernel";
import { wirePreparedOpinionMarket } from "@sooth/markets/core";
import { encodeFunctionData, maxUint256 } from "viem";
import { z } from "zod";
import { waitFor } from "../../waiting.ts";
import { money } from "../cast.ts";
import type { Call } from "../hub.ts";
import { preparedQuestion } from "../wire.ts";
import { inLanes, type OpenedOpinions, type OpinionCast } from "./cast.ts";
import { clip, type PlannedOpinion } from "./plan.ts";

const ETHER_EACH = 1n;
const REWARD = 1_000_000n;
/** From the announcement to closing: nobody stakes in the last hour, in which stakes are small. */
const OPEN_SECONDS = 86_400;
const QUIET_SECONDS = 3_600;
const DEADLINE_SECONDS = 86_400;
const LIVENESS_SECONDS = 7_200;
const FEE_BPS = 250;
const PRIZE_BPS = 1_000;
/** Of the weight of those who answer: three of four providers do. */
const LEAST_CONFIDENCE = 5_000;
const BOUNDS = { leastStake: "500000", mostStake: "500000000", quietMost: "5000000" };
const RUBRIC = "Clarity 20, insight 30, reasoning 30, originality 20.";
const AT_ONCE = 8;

/** All that will be staked, or where that is more what one may stake alone. */
function securesOf(opinions: readonly PlannedOpinion[]): bigint {
  const staked = opinions.reduce((sum, { amount }) => sum + amount, 0n);
  const most = BigInt(BOUNDS.mostStake);
  return staked > most ? staked : most;
}

/** Test dollars for everybody, ether and an allowance for those who pay their own gas. */
export async function fillPurses(cast: OpinionCast): Promise<void> {
  const { hub, asker, people, plan, addresses } = cast;
  const signers = new Set(
    plan.markets.flatMap(({ opinions }) => opinions.filter((one) => one.gasless).map(({ person }) => person)),
  );
  const payers = people.filter((_, index) => !signers.has(index));
  await inLanes([asker, ...payers], AT_ONCE, ({ address }) => hub.giveEther(address, ETHER_EACH));
  const token = (functionName: "faucet" | "approve", args: readonly unknown[]): Call => ({
    to: addresses.collateral,
    data: encodeFunctionData({ abi: testDollarAbi, functionName, args } as Parameters<
      typeof encodeFunctionData
    >[0]),
    value: "0",
    purpose: `${functionName} of test dollars`,
  });
  const approve = (spender: Address) => token("approve", [spender, maxUint256]);
  await hub.sendAll(asker, [
    ...[asker, ...people].map(({ address }) => token("faucet", [address])),
    approve(addresses.oracle),
    approve(addresses.opinions),
  ]);
  await inLanes(payers, AT_ONCE * 4, async (person) => {
    await hub.send(person, [approve(addresses.opinions)]);
  });
  await cast.say(
    `${people.length} people hold test dollars; ${signers.size} of them own no ether and will only sign`,
  );
}

/** Asks what each market's opinions come to, and announces the markets. */
export async function openOpinions(cast: OpinionCast): Promise<OpenedOpinions[]> {
  const { hub, api, asker, creator, addresses, plan } = cast;
  const first = (await hub.now()) + OPEN_SECONDS;
  const closings = plan.markets.map((_, index) => first + index * cast.closeApart);
  const chainId = await hub.client.getChainId();
  const asked = await Promise.all(
    plan.markets.map(({ statement, opinions }, index) =>
      api.post(
        "/v1/questions/prepare",
        {
          schema: {
            version: 1,
            text: `How far do the opinions support it: ${statement}`,
            kind: "score",
            decimals: 2,
            observeAt: at(closings, index),
            tolerance: "5",
            sources: [
              { type: "opinions", name: "opinions", unit: "points", chainId, address: addresses.opinions },
            ],
          },
          opensAt: at(closings, index),
          deadline: at(closings, index) + DEADLINE_SECONDS,
          liveness: LIVENESS_SECONDS,
          reward: String(REWARD),
          secures: String(securesOf(opinions)),
          asker: asker.address,
        },
        preparedQuestion,
      ),
    ),
  );
  await hub.sendAll(
    asker,
    asked.flatMap(({ calls }) => calls),
  );
  await cast.say(`${asked.length} questions asked: what do the opinions come to?`);
  const known = (path: string) =>
    waitFor(path, () => api.get(path, z.object({ id: z.string() })), { seconds: cast.patience });
  await inLanes(asked, AT_ONCE, async ({ id }) => void (await known(`/v1/questions/${id}`)));
  const announced = await Promise.all(
    plan.markets.map(({ statement, rule, prizes }, index) =>
      api.post(
        "/v1/opinion-markets/prepare",
        {
          question: at(asked, index).id,
          creator: creator.address,
          closesAt: at(closings, index),
          revealSeconds: 0,
          quietSeconds: QUIET_SECONDS,
          feeBps: FEE_BPS,
          prizeBps: PRIZE_BPS,
          prizes,
          minConfidence: LEAST_CONFIDENCE,
          rule,
          ...BOUNDS,
          statement,
          rubric: RUBRIC,
        },
        wirePreparedOpinionMarket,
      ),
    ),
  );
  await hub.sendAll(
    asker,
    announced.flatMap(({ calls }) => calls),
  );
  await inLanes(announced, AT_ONCE, async ({ id }) => void (await known(`/v1/opinion-markets/${id}`)));
  const opened = plan.markets.map((planned, index) => ({
    key: `m${index + 1}`,
    planned,
    question: at(asked, index).id as Hex,
    market: at(announced, index).id as Hex,
    closesAt: at(closings, index),
  }));
  for (const { key, planned } of opened)
    await cast.say(
      `${key}: "${clip(planned.statement, 80)}"  (${planned.rule}, prizes drawn: ${planned.prizes}, fee ${FEE_BPS / 100} %)`,
    );
  await cast.say(`each announcement paid ${money(BigInt(at(announced, 0).creationFee))} to the treasury`);
  return opened;
}
