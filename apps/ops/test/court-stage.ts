import { courtAbi, drandBeaconAbi, ladderAbi, oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { chainById, deploy, localParams, openChain } from "@sooth/chain";
import { devAccount, startAnvil } from "@sooth/chain/local-node";
import { at, type Hex, need } from "@sooth/kernel";
import {
  batchHash,
  bitmapOf,
  type Dispute,
  type Jury,
  type JuryBallot,
  type JuryChoice,
  juryId,
  juryWindows,
  type Opening,
  packAgreed,
  packEntries,
  packOpenings,
  questionId,
  reportDigest,
  schemaHash,
  type SeatReport,
  type Terms,
  termsToChain,
  voteCommitment,
  voteTypedData,
} from "@sooth/oracle/core";
import { proofOf, sign } from "@sooth/randomness/core";
import { laptopAccounts } from "@sooth/server";
import {
  type Abi,
  createTestClient,
  createWalletClient,
  encodeFunctionData,
  http,
  type LocalAccount,
  parseEventLogs,
  publicActions,
  zeroHash,
} from "viem";
import { DOLLAR, enlist, HUB, type Tools } from "./court-people.ts";

export const LIVENESS = 60;
export const PROVIDERS = 10;
const JURORS = 12;

/** A chain on which ten provide and twelve judge, and the steps that a story of disputes is told with. */
export type CourtStage = Awaited<ReturnType<typeof openCourtStage>>;

/** @param stake of each provider, in collateral */
export async function openCourtStage({ stake = 2_000n * DOLLAR }: { stake?: bigint } = {}) {
  const anvil = await startAnvil({ chainId: HUB });
  const definition = chainById(HUB);
  const chain = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  const rich = devAccount(0);
  const { addresses } = await deploy({ chain, account: rich, params: localParams, role: "hub" });
  await chain.close();
  const transport = http(anvil.rpcUrl);
  const node = createTestClient({ mode: "anvil", chain: definition.viem, transport }).extend(publicActions);
  const send = async (account: LocalAccount, to: Hex, abi: Abi, functionName: string, args: unknown[]) => {
    const wallet = createWalletClient({ account, chain: definition.viem, transport });
    const hash = await wallet.sendTransaction({ to, data: encodeFunctionData({ abi, functionName, args }) });
    const receipt = await node.waitForTransactionReceipt({ hash, pollingInterval: 20 });
    if (receipt.status !== "success") throw new Error(`${functionName} reverted`);
    return receipt;
  };
  const now = async () => Number((await node.getBlock()).timestamp);
  const warp = async (timestamp: number) => {
    if (timestamp <= (await now())) return;
    await node.setNextBlockTimestamp({ timestamp: BigInt(timestamp) });
    await node.mine({ blocks: 1 });
  };
  const owners = Array.from({ length: PROVIDERS }, (_, index) => devAccount(100 + index));
  const keys = Array.from({ length: PROVIDERS }, (_, index) => devAccount(200 + index));
  const jurors = Array.from({ length: JURORS }, (_, index) => devAccount(300 + index));
  const parties = Array.from({ length: 3 }, (_, index) => devAccount(400 + index));
  await enlist({ node, send, warp, now, addresses, rich, owners, keys, jurors, parties, stake });

  return {
    rpcUrl: anvil.rpcUrl,
    stop: () => anvil.stop(),
    addresses,
    node,
    send,
    now,
    warp,
    rich,
    owners,
    keys,
    jurors,
    parties,
    stake,
    ...stepsOf({ node, send, warp, now, addresses, rich, keys, jurors }),
  };
}

const ballotOf = (juror: number, choice: JuryChoice): JuryBallot => ({
  juror,
  choice,
  salt: `0x${juror.toString(16).padStart(2, "0").repeat(16)}`,
});

function stepsOf({ node, send, warp, now, addresses, rich, keys, jurors }: Tools) {
  const { oracle, ladder, court, beacon } = addresses;
  const domain = { chainId: HUB, oracle };
  let nonce = 0n;
  let epoch = 1;

  /** Another signer set, with what the stake manager was told since. */
  async function nextEpoch(): Promise<void> {
    await warp((await now()) + 61);
    await send(rich, addresses.stakeManager, stakeManagerAbi, "advanceEpoch", [0]);
    [epoch, order] = [epoch + 1, undefined];
  }

  type Question = { terms: Terms; asked: ReturnType<typeof termsToChain>; question: Hex };
  /** Asks, and waits until it opens. @param before what happens meanwhile */
  async function ask(
    over: Partial<Terms> & { text?: string } = {},
    before?: (asked: Question) => Promise<void>,
  ): Promise<Question> {
    const { text = '{"text":"What did it cost?"}', ...rest } = over;
    nonce += 1n;
    const opensAt = rest.opensAt ?? (await now()) + 20;
    const terms: Terms = {
      asker: rich.address,
      schema: schemaHash(text),
      aggregation: "median",
      min: 0n,
      max: 10n ** 12n,
      tolerance: 100n,
      opensAt,
      deadline: opensAt + 100_000,
      liveness: LIVENESS,
      reward: 10n * DOLLAR,
      nonce,
      domain: 0,
      endsEarly: false,
      secures: 0n,
      ...rest,
    };
    await send(rich, oracle, oracleAbi, "ask", [termsToChain(terms), text]);
    const asked = { terms, asked: termsToChain(terms), question: questionId(terms) };
    await before?.(asked);
    await warp(opensAt);
    return asked;
  }
  type Asked = Question;

  /** Reports of providers by their index, in the order of their seats. `say` gives each one's value. */
  async function reports(
    { question }: Asked,
    who: readonly number[],
    o: { round: number; say: (provider: number) => bigint; root?: Hex },
  ): Promise<SeatReport[]> {
    const seats = await seatsOfProviders();
    return Promise.all(
      who.map(async (provider) => {
        const value = o.say(provider);
        const report = { question, value, root: o.root ?? null, epoch, round: o.round };
        const signature = await need(
          at(keys, provider).sign,
          "a raw signer",
        )({ hash: reportDigest(domain, report) });
        return { seat: at(seats, provider), value, signature };
      }),
    );
  }
  let order: number[] | undefined;
  async function seatsOfProviders(): Promise<number[]> {
    if (order) return order;
    const [blob] = (await node.readContract({
      address: addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "signerSet",
      args: [0],
    })) as [Hex];
    const code = (
      await (node as unknown as { getCode(o: { address: Hex }): Promise<Hex> }).getCode({
        address: blob,
      })
    ).toLowerCase();
    const places = keys.map(({ address }) => code.indexOf(address.slice(2).toLowerCase()));
    const sorted = places.toSorted((a, b) => a - b);
    order = places.map((place) => sorted.indexOf(place));
    return order;
  }

  const answer = async (asked: Asked, who: readonly number[], say: (provider: number) => bigint, round = 0) =>
    send(rich, oracle, oracleAbi, "reportValues", [
      asked.asked,
      epoch,
      packEntries(await reports(asked, who, { round, say })),
    ]);
  const agreed = async (asked: Asked, who: readonly number[], value: bigint, round: number) => {
    const signed = await reports(asked, who, { round, say: () => value });
    return { seats: bitmapOf(signed.map(({ seat }) => seat)), signatures: packAgreed(signed), value };
  };

  const wordOf = (question: Hex) =>
    node.readContract({
      address: oracle,
      abi: oracleAbi,
      functionName: "wordOf",
      args: [question],
    }) as Promise<bigint>;

  async function dispute(
    { question }: Asked,
    who: LocalAccount,
    claim: bigint,
    reason: Hex = zeroHash,
  ): Promise<Dispute> {
    const word = await wordOf(question);
    const { logs } = await send(who, oracle, oracleAbi, "dispute", [question, claim, reason]);
    const [log] = parseEventLogs({ abi: oracleAbi, eventName: "Disputed", logs });
    const { deposit, disputer } = need(log, "a dispute").args;
    const rest = { root: zeroHash, claimRoot: zeroHash, at: await now() };
    return { question, answer: word, disputer, claim, deposit, ...rest };
  }

  /** A step at the ladder; the jury that it opens, if it does. */
  async function step(who: LocalAccount, name: string, args: unknown[]): Promise<Jury | null> {
    const { logs } = await send(who, ladder, ladderAbi, name, args);
    const [opened] = parseEventLogs({ abi: courtAbi, eventName: "JuryOpened", logs });
    return opened?.args.terms ?? null;
  }

  /** Has the jury drawn. Gives who sits, as indices of the snapshot, and each one's key. */
  async function draw(terms: Jury) {
    const signature = sign(laptopAccounts().beaconKey, terms.beaconRound);
    await send(rich, beacon, drandBeaconAbi, "prove", [
      terms.beaconRound,
      proofOf(terms.beaconRound, signature),
    ]);
    const held = { address: court, abi: courtAbi as Abi, args: [terms] };
    const seats = (await node.readContract({ ...held, functionName: "seatsOf" })) as number[];
    const drawn = [...new Set(seats)].toSorted((a, b) => a - b);
    return { seats, drawn, keyOf: await jurorKeys() };
  }
  async function jurorKeys(): Promise<(juror: number) => LocalAccount> {
    const [blob] = (await node.readContract({
      address: addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "jurorSet",
      args: [],
    })) as [Hex];
    const code = (
      await (node as unknown as { getCode(o: { address: Hex }): Promise<Hex> }).getCode({
        address: blob,
      })
    ).slice(2 + 2 + 64);
    return (juror) => {
      const address = code.slice(64 * juror, 64 * juror + 40).toLowerCase();
      return need(
        jurors.find((each) => each.address.slice(2).toLowerCase() === address),
        `juror ${juror}`,
      );
    };
  }
  const signVote = (key: LocalAccount, jury: Hex, commitment: Hex) =>
    key.signTypedData(voteTypedData({ chainId: HUB, court }, jury, commitment));

  type Voting = {
    choiceOf: (juror: number) => JuryChoice;
    /** Who commits and does not open; who stays away; who commits and opens by himself. */
    silent?: readonly number[];
    away?: readonly number[];
    alone?: readonly number[];
    /** What else happens in the commit window. */
    meanwhile?: (signed: { jury: Hex; ballots: JuryBallot[]; signatures: Hex[] }) => Promise<void>;
  };
  /** A whole voting, to after its reveal window. */
  async function vote(
    terms: Jury,
    drawn: { drawn: number[]; keyOf: (juror: number) => LocalAccount },
    o: Voting,
  ) {
    const windows = { evidence: 10, commit: 20, reveal: 20 };
    const offset = (await now()) - (await clock());
    const { commitAt, revealAt, endsAt } = juryWindows(terms, windows);
    const jury = juryId(terms);
    await warp(commitAt + offset);
    const alone = o.alone ?? [];
    const voters = drawn.drawn.filter((juror) => !(o.away ?? []).includes(juror));
    const ballots = voters.map((juror) => ballotOf(juror, o.choiceOf(juror)));
    const signatures = await Promise.all(
      ballots.map((ballot) => signVote(drawn.keyOf(ballot.juror), jury, voteCommitment(jury, ballot))),
    );
    const batched = ballots.flatMap((ballot, index) =>
      alone.includes(ballot.juror) ? [] : [{ ...ballot, signature: at(signatures, index) }],
    );
    const commitments = batched.map((ballot) => voteCommitment(jury, ballot));
    await send(rich, court, courtAbi, "postCommits", [terms, batchHash(commitments)]);
    for (const [index, ballot] of ballots.entries())
      if (alone.includes(ballot.juror))
        await send(rich, court, courtAbi, "commitOwn", [
          terms,
          ballot.juror,
          voteCommitment(jury, ballot),
          at(signatures, index),
        ]);
    await o.meanwhile?.({ jury, ballots, signatures });
    await warp(revealAt + offset);
    const openings = batched.map((ballot, index): Opening =>
      (o.silent ?? []).includes(ballot.juror) ? { commitment: at(commitments, index) } : ballot,
    );
    await send(rich, court, courtAbi, "reveal", [terms, packOpenings(openings)]);
    for (const { juror, choice, salt } of ballots)
      if (alone.includes(juror)) await send(rich, court, courtAbi, "revealOwn", [terms, juror, choice, salt]);
    await warp(endsAt + offset);
    const withheld = async (juror: number) => {
      const index = batched.findIndex((ballot) => ballot.juror === juror);
      const args = [terms, juror, commitments, index, at(batched, index).signature];
      await send(rich, court, courtAbi, "withheld", args);
    };
    return { withheld };
  }
  const clock = async () =>
    Number(
      await node.readContract({
        address: addresses.guard,
        abi: [
          {
            type: "function",
            name: "clock",
            stateMutability: "view",
            inputs: [],
            outputs: [{ type: "uint40" }],
          },
        ],
        functionName: "clock",
        args: [],
      }),
    );

  return {
    domain,
    epoch: () => epoch,
    nextEpoch,
    ask,
    seatsOfProviders,
    reports,
    answer,
    agreed,
    wordOf,
    dispute,
    step,
    draw,
    vote,
    signVote,
    clock,
  };
}
