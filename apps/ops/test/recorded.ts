import { ladderAbi, marketsAbi, oracleAbi, stakeManagerAbi } from "@sooth/abi";
import type { Addresses } from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import { at, type Hex } from "@sooth/kernel";
import { marketId, type MarketTerms } from "@sooth/markets/core";
import {
  bitmapOf,
  type EvidenceBundle,
  evidenceHash,
  evidenceText,
  evidenceTypedData,
  packAgreed,
  packEntries,
  questionId,
  reportTypedData,
  schemaHash,
  type Terms,
  termsToChain,
  TOO_EARLY,
} from "@sooth/oracle/core";
import { type LocalAccount, zeroHash } from "viem";
import { DOLLAR, HUB, keys, openRecordingChain, owners, rich } from "./recording-chain.ts";

const REWARD = 10n * DOLLAR + 7n;
const SCHEMA = '{"text":"What did it cost?"}';

export type Body = { hash: Hex; text: string; signature: Hex };
/** A chain on which one numeric question was asked, was too early first, answered, paid for, and bet on. */
export type Recorded = {
  rpcUrl: string;
  addresses: Addresses;
  question: Hex;
  market: Hex;
  evidence: Body[];
  stop(): Promise<void>;
};

const traders = [5, 6, 7].map(devAccount);

/** `disputed`: the question was clarified, and the answer was disputed, and corrected by those who had signed it. */
export async function record({ disputed }: { disputed: boolean }): Promise<Recorded> {
  const chain = await openRecordingChain();
  const { rpcUrl, addresses, send, now, warp } = chain;
  const { oracle, stakeManager, markets, ladder } = addresses;
  await chain.fund([...traders, rich], [oracle, markets]);
  await chain.join([0, 1, 2, 3].map((index) => BigInt(1_000 + 100 * index) * DOLLAR));
  await send(at(owners, 0), stakeManager, stakeManagerAbi, "addStake", [50n * DOLLAR]);
  await chain.advance();

  const opensAt = (await now()) + 600;
  const terms: Terms = {
    asker: rich.address,
    schema: schemaHash(SCHEMA),
    aggregation: "median",
    min: 0n,
    max: 10n ** 12n,
    tolerance: 100n,
    opensAt,
    deadline: opensAt + 600,
    liveness: 30,
    reward: REWARD,
    nonce: 1n,
    domain: 0,
    endsEarly: false,
    secures: 0n,
  };
  const question = questionId(terms);
  await send(rich, oracle, oracleAbi, "ask", [termsToChain(terms), SCHEMA]);
  const marketTerms: MarketTerms = {
    question,
    creator: rich.address,
    closesAt: opensAt,
    feeBps: 250,
    outcomes: 2,
    cuts: [200_000n],
  };
  await send(rich, markets, marketsAbi, "open", [marketTerms, termsToChain(terms)]);
  const market = marketId(marketTerms);
  for (const [index, trader] of traders.entries())
    await send(trader, markets, marketsAbi, "stake", [market, index % 2, BigInt(index + 1) * 3_333_333n]);

  const domain = { chainId: HUB, oracle };
  const signed = (values: readonly bigint[], round: number) =>
    Promise.all(
      values.map(async (value, seat) => ({
        seat,
        value,
        signature: await at(keys, seat).signTypedData(
          reportTypedData(domain, { question, value, epoch: 1, round }),
        ),
      })),
    );
  const first = disputed ? 1 : 0;
  const clarification = [termsToChain(terms), "In dollars."];
  if (disputed) await send(rich, oracle, oracleAbi, "clarify", clarification);
  await warp(opensAt);
  const early = await signed([TOO_EARLY, TOO_EARLY, TOO_EARLY], first);
  const seats = bitmapOf([0, 1, 2]);
  const asked = termsToChain(terms);
  await send(rich, oracle, oracleAbi, "reportAgreed", [asked, 1, TOO_EARLY, seats, packAgreed(early)]);
  await warp((await now()) + 61);
  const values = [209_950n, 210_000n, 210_500n];
  await send(rich, oracle, oracleAbi, "reportValues", [
    asked,
    1,
    packEntries(await signed(values, first + 1)),
  ]);
  if (disputed) {
    const disputer = at(traders, 0);
    await send(disputer, oracle, oracleAbi, "deposit", [disputer.address, 1_000n * DOLLAR]);
    const answer = (await chain.read(oracle, oracleAbi, "wordOf", [question])) as bigint;
    const claim = 250_000n;
    await send(disputer, oracle, oracleAbi, "dispute", [question, claim, zeroHash]);
    const objection = {
      question,
      answer,
      root: zeroHash,
      disputer: disputer.address,
      claim,
      claimRoot: zeroHash,
      deposit: 250n * DOLLAR,
      at: await now(),
    };
    const again = packEntries(await signed([249_950n, 250_000n, 250_050n], first + 2));
    await send(rich, ladder, ladderAbi, "rereportValues", [asked, objection, 1, again]);
  }
  await warp((await now()) + 61);
  await send(rich, oracle, oracleAbi, "settleReward", [asked]);
  const positions = traders.map(({ address }, index) => ({ owner: address, outcome: index % 2 }));
  await send(rich, markets, marketsAbi, "claimMany", [marketTerms, positions]);
  await send(rich, markets, marketsAbi, "collectFee", [marketTerms]);
  const evidence = await Promise.all(
    values.slice(0, 2).map((value, seat) => bodyOf(at(keys, seat), { question, value, domain, at: opensAt })),
  );
  return { rpcUrl, addresses, question, market, evidence, stop: () => chain.stop() };
}

async function bodyOf(
  key: LocalAccount,
  o: { question: Hex; value: bigint; domain: { chainId: number; oracle: Hex }; at: number },
): Promise<Body> {
  const bundle: EvidenceBundle = {
    version: 1,
    chainId: o.domain.chainId,
    question: o.question,
    round: 1,
    provider: key.address.toLowerCase() as Hex,
    value: String(o.value),
    reason: "the median of 1 of 1 sources",
    sources: [
      {
        name: "shop",
        url: "https://shop.test/",
        fetchedAt: o.at,
        status: 200,
        sha256: `0x${"ef".repeat(32)}`,
        excerpt: "2100",
        value: "2100",
        dropped: null,
      },
    ],
  };
  const text = evidenceText(bundle);
  const hash = evidenceHash(text);
  const claim = { question: o.question, round: 1, hash };
  return { hash, text, signature: await key.signTypedData(evidenceTypedData(o.domain, claim)) };
}
