import { opinionsAbi } from "@sooth/abi";
import { at } from "@sooth/kernel";
import { stanceOf, textHash, wireContent, wirePreparedOpinion } from "@sooth/markets/core";
import type { LocalAccount } from "viem";
import { OpsError } from "../../ops-error.ts";
import { money } from "../cast.ts";
import { sendSigned } from "../traders.ts";
import { inLanes, type OpenedOpinions, type OpinionCast } from "./cast.ts";
import { clip, type PlannedOpinion } from "./plan.ts";

/** People who stake at the same time, each one opinion after the other. */
const AT_ONCE = 40;

/** Everybody hands in his text and stakes on it. */
export async function stakeAll(cast: OpinionCast, opened: readonly OpenedOpinions[]): Promise<void> {
  const all = opened.flatMap((market) => market.planned.opinions.map((opinion) => ({ market, opinion })));
  const byPerson = [...Map.groupBy(all, ({ opinion }) => opinion.person).values()];
  await inLanes(byPerson, AT_ONCE, async (his) => {
    for (const { market, opinion } of his) {
      await stakeOne(cast, at(cast.people, opinion.person), market, opinion);
      const way = opinion.gasless ? "signed, gas paid by the platform" : "own gas";
      await cast.say(
        `person ${String(opinion.person + 1).padStart(2, "0")} stakes ${money(opinion.amount).padStart(10)} at ${String(stanceOf(opinion.band)).padStart(3)} in ${market.key}  (${way})  "${clip(opinion.text, 70)}"`,
      );
    }
  });
}

async function stakeOne(
  { api, hub, addresses }: OpinionCast,
  account: LocalAccount,
  { market }: OpenedOpinions,
  { text, band, amount, gasless }: PlannedOpinion,
): Promise<void> {
  const { sha256 } = await api.post("/v1/content", { text }, wireContent);
  if (sha256 !== textHash(text))
    throw OpsError.api_refused({ call: "POST /v1/content", status: 200, body: `kept as ${sha256}` });
  const prepared = await api.post(
    `/v1/opinion-markets/${market}/opinions/prepare`,
    { owner: account.address, amount: String(amount), opinion: sha256, band },
    wirePreparedOpinion,
  );
  if (!gasless) return void (await hub.send(account, prepared.calls));
  return sendSigned(api, account, prepared, {
    path: "/v1/relay/opinions",
    nonce: () =>
      hub.client.readContract({
        address: addresses.opinions,
        abi: opinionsAbi,
        functionName: "nonceOf",
        args: [account.address],
      }),
  });
}
