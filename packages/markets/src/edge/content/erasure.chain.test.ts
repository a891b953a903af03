import { opinionsAbi, testDollarAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import type { Address, Amount, Bps, Hex } from "@sooth/kernel";
import { termsToChain } from "@sooth/oracle/core";
import { sql } from "@sooth/store";
import { encodeFunctionData, type LocalAccount } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readsOpinions } from "../../../test/reads-opinions.ts";
import { DOLLAR, openStage, type Stage } from "../../../test/stage.ts";
import {
  bytesOf,
  erasureTypedData,
  hashOf,
  keepingTypedData,
  opinionMarketId,
  type OpinionTerms,
  opinionTermsToChain,
  textHash,
  wireErasure,
  wirePreparedOpinion,
} from "../../core/index.ts";

const asker = devAccount(0);
const STATEMENT = "Zoos should be closed";
const TEXT = "Animals that roam for a hundred miles do not belong behind glass.";
const OPINION = hashOf(bytesOf(TEXT));
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { collateral, opinions } = stage.addresses;
  const faucet = encodeFunctionData({ abi: testDollarAbi, functionName: "faucet", args: [asker.address] });
  await stage.send(asker, collateral, faucet);
  const args = [opinions, 1_000n * DOLLAR] as const;
  await stage.send(
    asker,
    collateral,
    encodeFunctionData({ abi: testDollarAbi, functionName: "approve", args }),
  );
});
afterAll(() => stage.close());

const post = async (url: string, payload: object) => {
  const reply = await stage.app.inject({ method: "POST", url, payload });
  return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
};
const said = ({ status, body }: Awaited<ReturnType<typeof post>>) => {
  const told = z.object({ error: z.object({ code: z.string() }) }).safeParse(body);
  return [status, told.data?.error.code];
};
const refused = [409, "opinions.text_erased_soon"];

/** A market on a question that reads its opinions, put up by the contract. */
async function announced(): Promise<Hex> {
  const closesAt = (await stage.now()) + 86_400;
  const schema = readsOpinions(stage.addresses.opinions, closesAt);
  const question = await stage.ask(schema, { opensAt: closesAt, deadline: closesAt + 3_000 });
  const terms: OpinionTerms = {
    question: question.id,
    statement: textHash(STATEMENT),
    rubric: textHash("Clarity 20, insight 30, reasoning 30, originality 20."),
    creator: asker.address.toLowerCase() as Address,
    closesAt,
    revealSeconds: 0,
    quietSeconds: 0,
    feeBps: 250 as Bps,
    prizeBps: 0 as Bps,
    prizes: 1,
    minConfidence: 5_000,
    rule: "fourth",
    leastStake: 500_000n as Amount,
    mostStake: (10n * DOLLAR) as Amount,
    quietMost: (10n * DOLLAR) as Amount,
  };
  const args = [opinionTermsToChain(terms), termsToChain(question.terms), STATEMENT] as const;
  const data = encodeFunctionData({ abi: opinionsAbi, functionName: "announce", args });
  await stage.send(asker, stage.addresses.opinions, data);
  await stage.followed();
  return opinionMarketId(terms);
}

const prepare = (market: Hex, owner: Address) =>
  post(`/v1/opinion-markets/${market}/opinions/prepare`, {
    owner,
    amount: "1000000",
    band: 3,
    opinion: OPINION,
  });
type Typed = Parameters<LocalAccount["signTypedData"]>[0];
/** What its owner signs for the relay. */
async function signed(market: Hex, account: LocalAccount) {
  const { intent, typedData, permit } = wirePreparedOpinion.parse(
    (await prepare(market, account.address)).body,
  );
  return {
    intent,
    signature: await account.signTypedData(typedData as never as Typed),
    permit: permit && {
      value: String(permit.message["value"]),
      deadline: Number(permit.message["deadline"]),
      signature: await account.signTypedData(permit as never as Typed),
    },
  };
}
const relay = (what: Awaited<ReturnType<typeof signed>>) => post("/v1/relay/opinions", what);
async function untilStaked(market: Hex, owner: Address): Promise<void> {
  await expect
    .poll(
      async () => {
        await stage.followed();
        const { rows } = await sql`select 1 from markets.opinions
          where market = ${market} and owner = ${owner.toLowerCase()}`.execute(stage.store.db);
        return rows.length;
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe(1);
}

test("from the request on no stake with the text is taken, and one that was taken just before is waited for", async () => {
  const [author, second, third] = [await stage.trader(), await stage.trader(), await stage.trader()];
  const [first, other] = [await announced(), await announced()];
  await post("/v1/content", { text: TEXT });
  await sql`update markets.contents set at = at - interval '3 hours'`.execute(stage.store.db);
  expect((await relay(await signed(first, author))).status).toBe(202);
  await untilStaked(first, author.address);

  // Both have theirs prepared and signed; one hands it over just before the request, one just after.
  const [before, after] = [await signed(other, second), await signed(other, third)];
  expect((await relay(before)).status).toBe(202);
  const message = { sha256: OPINION, owner: author.address, deadline: Math.floor(Date.now() / 1_000) + 600 };
  const domain = { chainId: stage.hub.definition.id, oracle: stage.addresses.oracle };
  const asking = { ...message, signature: await author.signTypedData(erasureTypedData(domain, message)) };
  expect((await post(`/v1/content/${OPINION}/erase`, asking)).status).toBe(200);
  expect(said(await relay(after))).toEqual(refused);
  expect(said(await prepare(other, third.address))).toEqual(refused);
  // Sent again it is still the relay that was taken.
  expect((await relay(before)).status).toBe(202);
  await untilStaked(other, second.address);
  const waiting = await stage.app.inject({ method: "GET", url: `/v1/content/${OPINION}/erasure` });
  const { request } = wireErasure.parse(JSON.parse(waiting.body));
  expect(request?.waitsFor.map(({ market }) => market).toSorted()).toEqual([first, other].toSorted());

  const keeping = { ...message, signature: await author.signTypedData(keepingTypedData(domain, message)) };
  expect((await post(`/v1/content/${OPINION}/keep`, keeping)).status).toBe(200);
  expect((await relay(after)).status).toBe(202);
});
