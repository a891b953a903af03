import { ladderAbi, marketsAbi, oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, chainById, deploy, localParams, openChain } from "@sooth/chain";
import { devAccount, startAnvil } from "@sooth/chain/local-node";
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
import {
  type Abi,
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  http,
  type LocalAccount,
  publicActions,
  zeroHash,
} from "viem";

export const HUB = 31_337;
const DOLLAR = 1_000_000n;
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

const owners = [1, 2, 3, 4].map(devAccount);
const keys = [11, 12, 13, 14].map(devAccount);
const traders = [5, 6, 7].map(devAccount);
const rich = devAccount(0);

/** `disputed`: the question was clarified, and the answer was disputed, and corrected by those who had signed it. */
export async function record({ disputed }: { disputed: boolean }): Promise<Recorded> {
  const anvil = await startAnvil({ chainId: HUB });
  const definition = chainById(HUB);
  const chain = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  const { addresses } = await deploy({ chain, account: rich, params: localParams, role: "hub" });
  await chain.close();
  const transport = http(anvil.rpcUrl);
  const node = createTestClient({ mode: "anvil", chain: definition.viem, transport }).extend(publicActions);
  const send = async (account: LocalAccount, to: Hex, abi: Abi, functionName: string, args: unknown[]) => {
    const wallet = createWalletClient({ account, chain: definition.viem, transport });
    const hash = await wallet.sendTransaction({ to, data: encodeFunctionData({ abi, functionName, args }) });
    const { status } = await node.waitForTransactionReceipt({ hash, pollingInterval: 20 });
    if (status !== "success") throw new Error(`${functionName} reverted`);
  };
  const now = async () => Number((await node.getBlock()).timestamp);
  const warp = async (timestamp: number) => {
    await node.setNextBlockTimestamp({ timestamp: BigInt(timestamp) });
    await node.mine({ blocks: 1 });
  };
  const { collateral, oracle, stakeManager, markets, ladder } = addresses;
  for (const account of [...owners, ...traders, rich]) {
    await send(account, collateral, testDollarAbi, "faucet", [account.address]);
    for (const spender of [oracle, stakeManager, markets])
      await send(account, collateral, testDollarAbi, "approve", [spender, 10_000n * DOLLAR]);
  }
  for (const [index, owner] of owners.entries()) {
    const key = at(keys, index);
    const possession = await key.signTypedData({
      domain: { name: "Sooth Stakes", version: "1", chainId: HUB, verifyingContract: stakeManager },
      types: { Possession: [{ name: "owner", type: "address" }] },
      primaryType: "Possession",
      message: { owner: owner.address },
    });
    const stake = BigInt(1_000 + 100 * index) * DOLLAR;
    await send(owner, stakeManager, stakeManagerAbi, "join", [key.address, stake, 1, possession]);
  }
  await send(at(owners, 0), stakeManager, stakeManagerAbi, "addStake", [50n * DOLLAR]);
  await send(rich, stakeManager, stakeManagerAbi, "advanceEpoch", [0]);

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
    const answer = await node.readContract({
      address: oracle,
      abi: oracleAbi,
      functionName: "wordOf",
      args: [question],
    });
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
  return { rpcUrl: anvil.rpcUrl, addresses, question, market, evidence, stop: () => anvil.stop() };
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
