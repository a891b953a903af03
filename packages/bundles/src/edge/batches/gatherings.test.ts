import { type Hex, need } from "@sooth/kernel";
import { registry } from "@sooth/runtime";
import { recoverTypedDataAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { fullSignature } from "@sooth/oracle/core";
import { expect, test } from "vitest";
import {
  batchTypedData,
  type Fact,
  factTree,
  type SignedBatch,
  silenceTypedData,
  type WireProposal,
} from "../../core/index.ts";
import { type GatheringOptions, Gatherings } from "./gatherings.ts";

const at = { chainId: 31_337, attesters: `0x${"a7".repeat(20)}` } as const;
const accounts = [1, 2, 3, 4].map((index) => privateKeyToAccount(`0x${String(index).repeat(64)}`));
const set = {
  epoch: 5,
  totalWeight: 40n,
  seats: accounts.map(({ address }) => ({ signer: address, weight: 10n })),
};
const CHAIN = 31_338;
const prepared = (n: number): Fact => ({ kind: "prepared", id: `0x${n.toString(16).padStart(64, "0")}` });
const NOW = 1_000_000;

function gather(over: Partial<GatheringOptions> = {}) {
  const quorums: Hex[][] = [];
  const shown: WireProposal[] = [];
  const gatherings = new Gatherings({
    at,
    attestersOf: async () => set,
    limits: async () => ({ quorumBps: 6_000n, longestValidity: 900 }),
    now: async () => NOW,
    onQuorum: (_, signers) => quorums.push([...signers]),
    ...over,
  });
  gatherings.listen((line) => shown.push(JSON.parse(line) as WireProposal));
  return { gatherings, quorums, shown };
}

async function answerOf(index: number, proposal: WireProposal, why?: "too_young") {
  const account = need(accounts[index], "an account");
  const batch: SignedBatch = { ...proposal, root: proposal.root as Hex };
  const head = { signer: account.address.toLowerCase(), epoch: batch.epoch, validUntil: batch.validUntil };
  if (why === undefined)
    return { ...head, signature: await account.signTypedData(batchTypedData(at, batch)) };
  const silent = [{ fact: 0, why }];
  return { ...head, silent, signature: await account.signTypedData(silenceTypedData(at, batch, silent)) };
}
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

/** What somebody is told who was refused. */
const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error as { code: string; data: object },
  );
const codeOf = async (promise: Promise<unknown>) => (await refusalOf(promise))?.code;

test("a quorum by weight is enough, signatures stand by seat, and the same again asks nobody", async () => {
  const { gatherings, shown, quorums } = gather();
  const asked = gatherings.propose([prepared(1)], CHAIN, 1_000);
  await tick();
  const proposal = need(shown[0], "a proposal");
  expect(proposal).toMatchObject({ epoch: 5, validUntil: NOW + 450 });
  const root = proposal.root as Hex;
  for (const index of [3, 0, 1]) await gatherings.answer(root, await answerOf(index, proposal));
  const batch = await asked;
  expect(batch.seats).toBe(0b1011n);
  const second: Hex = `0x${batch.signatures.slice(2 + 128, 2 + 256)}`;
  const typed = batchTypedData(at, { ...proposal, root });
  expect(await recoverTypedDataAddress({ ...typed, signature: fullSignature(second) })).toBe(
    accounts[1]?.address,
  );
  expect(quorums).toEqual([[accounts[3]?.address, accounts[0]?.address, accounts[1]?.address]]);
  expect((await gatherings.propose([prepared(1)], CHAIN, 1_000)).root).toBe(root);
  expect(shown).toHaveLength(1);
  // A straggler's signature is kept with the others.
  await gatherings.answer(root, await answerOf(2, proposal));
  expect(gatherings.signed(root)?.seats).toBe(0b1111n);
  expect(quorums).toHaveLength(1);
});

test("whoever can not get a quorum any more hears it at once, and may ask again", async () => {
  const { gatherings, shown } = gather();
  const asked = gatherings.propose([prepared(1)], CHAIN, 60_000);
  await tick();
  const proposal = need(shown[0], "a proposal");
  const refused = refusalOf(asked);
  for (const index of [0, 1])
    await gatherings.answer(proposal.root as Hex, await answerOf(index, proposal, "too_young"));
  expect(await refused).toMatchObject({
    code: "bundles.not_attested",
    data: { weight: 0n, needed: 24n, answered: 2, missing: [0], why: "fact 0 too_young" },
  });
  const again = gatherings.propose([prepared(1)], CHAIN, 1_000);
  await tick();
  expect(shown).toHaveLength(2);
  for (const index of [0, 1, 2])
    await gatherings.answer(proposal.root as Hex, await answerOf(index, proposal));
  expect((await again).seats).toBe(0b111n);
});

test("nobody answers for another, or for what nobody asked", async () => {
  const { gatherings, shown } = gather();
  const asked = gatherings.propose([prepared(1)], CHAIN, 100);
  const late = refusalOf(asked);
  await tick();
  const proposal = need(shown[0], "a proposal");
  const root = proposal.root as Hex;
  const own = await answerOf(0, proposal);
  expect(await codeOf(gatherings.answer(factTree([prepared(9)]).root, own))).toBe("bundles.wrong_root");
  expect(await codeOf(gatherings.answer(root, { ...own, validUntil: own.validUntil + 1 }))).toBe(
    "bundles.wrong_root",
  );
  const other = need(accounts[1], "an account").address.toLowerCase();
  expect(await codeOf(gatherings.answer(root, { ...own, signer: other }))).toBe("bundles.bad_attestation");
  const nobody = `0x${"99".repeat(20)}`;
  expect(await codeOf(gatherings.answer(root, { ...own, signer: nobody }))).toBe("bundles.not_seated");
  const silence = await answerOf(0, proposal, "too_young");
  expect(await codeOf(gatherings.answer(root, { ...silence, silent: undefined }))).toBe(
    "bundles.bad_attestation",
  );
  expect(await late).toMatchObject({ data: { answered: 0 } });
});

const TOLD = /^bundles_(gatherings|attestations)_total\{\w+="(\w+)"\} (\d+)$/gm;
const told = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    [...(await registry.metrics()).matchAll(TOLD)].map(([, of, what, n]) => [`${of} ${what}`, Number(n)]),
  );

test("what came of batches and of answers is counted, each by its name", async () => {
  const before = await told();
  const added = async () =>
    Object.fromEntries(
      Object.entries(await told()).flatMap(([key, n]) =>
        n > (before[key] ?? 0) ? [[key, n - (before[key] ?? 0)]] : [],
      ),
    );
  const { gatherings, shown } = gather({ bounds: { share: 1 } });
  const asked = gatherings.propose([prepared(1)], CHAIN, 60_000);
  await tick();
  expect(await codeOf(gatherings.propose([prepared(2)], CHAIN, 50))).toBe("bundles.too_many_batches");
  const proposal = need(shown[0], "a proposal");
  const root = proposal.root as Hex;
  await gatherings.answer(root, await answerOf(3, proposal, "too_young"));
  for (const index of [0, 0, 1, 2]) await gatherings.answer(root, await answerOf(index, proposal));
  await asked;
  await gatherings.propose([prepared(1)], CHAIN, 60_000);
  const own = await answerOf(0, proposal);
  const stranger = { ...own, signer: `0x${"99".repeat(20)}` };
  expect(await codeOf(gatherings.answer(root, stranger))).toBe("bundles.not_seated");
  expect(await codeOf(gatherings.propose([prepared(3)], CHAIN, 20))).toBe("bundles.not_attested");
  const hopeless = codeOf(gatherings.propose([prepared(4)], CHAIN, 60_000));
  await tick();
  const other = need(shown.at(-1), "a proposal");
  for (const index of [0, 1])
    await gatherings.answer(other.root as Hex, await answerOf(index, other, "too_young"));
  expect(await hopeless).toBe("bundles.not_attested");
  const unknown = gather({ unknownOf: async () => [0] });
  expect(await codeOf(unknown.gatherings.propose([prepared(5)], CHAIN, 20))).toBe("bundles.not_attested");
  expect(await added()).toEqual({
    "gatherings signed": 1,
    "gatherings known": 1,
    "gatherings too_many": 1,
    "gatherings late": 1,
    "gatherings refused": 1,
    "gatherings not_asked": 1,
    "attestations signed": 3,
    "attestations again": 1,
    "attestations silent": 3,
    "attestations not_seated": 1,
  });
});

test("memory is bounded: what nobody waits for makes room, and beyond that it is said", async () => {
  const { gatherings } = gather({ bounds: { open: 2, kept: 3, facts: 5 } });
  const first = [1, 2].map((n) => gatherings.propose([prepared(n)], CHAIN, 50).catch(() => "late"));
  await tick();
  await expect(gatherings.propose([prepared(3)], CHAIN, 50)).rejects.toMatchObject({
    code: "bundles.too_many_batches",
  });
  expect(await Promise.all(first)).toEqual(["late", "late"]);
  await expect(gatherings.propose([prepared(3)], CHAIN, 10)).rejects.toMatchObject({
    code: "bundles.not_attested",
  });
});

test("a batch is forgotten when it is valid no more", async () => {
  let now = NOW;
  const { gatherings, shown } = gather({ now: async () => now });
  const asked = gatherings.propose([prepared(1)], CHAIN, 1_000);
  await tick();
  const proposal = need(shown[0], "a proposal");
  for (const index of [0, 1, 2])
    await gatherings.answer(proposal.root as Hex, await answerOf(index, proposal));
  await asked;
  now += 451;
  await gatherings.propose([prepared(2)], CHAIN, 1).catch(() => undefined);
  expect(gatherings.signed(proposal.root as Hex)).toBeUndefined();
});

test("nobody attests where no set is known", async () => {
  const { gatherings } = gather({ attestersOf: async () => ({ epoch: 0, totalWeight: 0n, seats: [] }) });
  await expect(gatherings.propose([prepared(1)], CHAIN, 60_000)).rejects.toMatchObject({
    data: { why: "nobody attests on that chain yet" },
  });
});

test("whoever asks for much is refused by his own asking, and nobody else by it", async () => {
  const { gatherings } = gather({ bounds: { open: 4, share: 4 } });
  const flood = [1, 2, 3, 4].map((n) => codeOf(gatherings.propose([prepared(n)], CHAIN, 200, "flood")));
  await tick();
  const honest = [5, 6].map((n) => codeOf(gatherings.propose([prepared(n)], CHAIN, 200, "honest")));
  await tick();
  // A fifth of his own, or a third of the others': nobody has more than they.
  expect(await codeOf(gatherings.propose([prepared(7)], CHAIN, 200, "flood"))).toBe(
    "bundles.too_many_batches",
  );
  expect(await Promise.all(honest)).toEqual(["bundles.not_attested", "bundles.not_attested"]);
  expect(await Promise.all(flood)).toEqual([
    "bundles.too_many_batches",
    "bundles.too_many_batches",
    "bundles.not_attested",
    "bundles.not_attested",
  ]);
});

test("a batch that another waits for as well is not dropped with its first asker's", async () => {
  const { gatherings } = gather({ bounds: { open: 2, share: 2 } });
  const flood = [1, 2].map((n) => codeOf(gatherings.propose([prepared(n)], CHAIN, 200, "flood")));
  await tick();
  const shared = codeOf(gatherings.propose([prepared(1)], CHAIN, 100, "honest"));
  await tick();
  const other = codeOf(gatherings.propose([prepared(3)], CHAIN, 100, "third"));
  expect(await Promise.all([...flood, shared, other])).toEqual([
    "bundles.not_attested",
    "bundles.too_many_batches",
    "bundles.not_attested",
    "bundles.not_attested",
  ]);
});

test("one client has a share, however much room there is", async () => {
  const { gatherings } = gather({ bounds: { open: 8, share: 1 } });
  const first = codeOf(gatherings.propose([prepared(1)], CHAIN, 50, "one"));
  await tick();
  expect(await codeOf(gatherings.propose([prepared(2)], CHAIN, 50, "one"))).toBe("bundles.too_many_batches");
  expect(await codeOf(gatherings.propose([prepared(2)], CHAIN, 5, "two"))).toBe("bundles.not_attested");
  expect(await first).toBe("bundles.not_attested");
});

test("the same facts for chains with sets of two epochs are two batches, and neither takes the other's place", async () => {
  const OTHER = 31_339;
  const { gatherings, shown } = gather({
    attestersOf: async (chainId) => ({ ...set, epoch: chainId === OTHER ? 6 : 5 }),
  });
  const old = gatherings.propose([prepared(1)], CHAIN, 1_000);
  await tick();
  const first = need(shown[0], "a proposal");
  const root = first.root as Hex;
  for (const index of [0, 1]) await gatherings.answer(root, await answerOf(index, first));
  const young = gatherings.propose([prepared(1)], OTHER, 1_000);
  await tick();
  const second = need(shown[1], "another");
  expect([second.root, second.epoch]).toEqual([root, 6]);
  await gatherings.answer(root, await answerOf(2, first));
  expect((await old).epoch).toBe(5);
  for (const index of [0, 1, 2]) await gatherings.answer(root, await answerOf(index, second));
  expect((await young).epoch).toBe(6);
  expect(gatherings.signed(root)?.epoch).toBe(6);
});

test("attesters are not shown what nothing is known of", async () => {
  const { gatherings, shown } = gather({ unknownOf: async () => [1] });
  expect(await refusalOf(gatherings.propose([prepared(1), prepared(2)], CHAIN, 60_000))).toMatchObject({
    code: "bundles.not_attested",
    data: { needed: 24n, answered: 0, missing: [1], why: "fact 1 not_seen" },
  });
  expect(shown).toEqual([]);
});

test("whoever asks for all parts of what is too young waits for few of them, and the others ask as before", async () => {
  const { gatherings, shown } = gather({ bounds: { young: 2 } });
  const parts = [
    [1, 2],
    [1, 3],
    [1, 4],
    [1, 5],
  ].map((numbers) => numbers.map(prepared));
  const first = refusalOf(gatherings.propose(need(parts[0], "a part"), CHAIN, 60_000, "flood"));
  await tick();
  const answer = async (index: number) => {
    const proposal = need(shown.at(-1), "a proposal");
    await gatherings.answer(proposal.root as Hex, await answerOf(index, proposal, "too_young"));
  };
  for (const index of [0, 1]) await answer(index);
  expect(await first).toMatchObject({ data: { missing: [0] } });
  const waiting = [1, 2].map((n) =>
    codeOf(gatherings.propose(need(parts[n], "a part"), CHAIN, 60_000, "flood")),
  );
  await tick();
  const held = shown.slice(-2);
  const before = shown.length;
  expect(await refusalOf(gatherings.propose(need(parts[3], "a part"), CHAIN, 60_000, "flood"))).toMatchObject(
    {
      code: "bundles.not_attested",
      data: { answered: 0, missing: [0], why: "fact 0 too_young" },
    },
  );
  expect(shown).toHaveLength(before);
  // Neither what else he asks for nor another's question is kept from attesters by that.
  const other = [
    codeOf(gatherings.propose([prepared(9)], CHAIN, 50, "flood")),
    codeOf(gatherings.propose(need(parts[3], "a part"), CHAIN, 50, "honest")),
  ];
  await tick();
  expect(shown).toHaveLength(before + 2);
  for (const proposal of held)
    for (const index of [0, 1])
      await gatherings.answer(proposal.root as Hex, await answerOf(index, proposal, "too_young"));
  expect(await Promise.all([...waiting, ...other])).toEqual(Array(4).fill("bundles.not_attested"));
  // Nobody waits for them any more: old enough meanwhile, they are signed.
  const again = gatherings.propose(need(parts[3], "a part"), CHAIN, 60_000, "flood");
  await tick();
  const proposal = need(shown.at(-1), "a proposal");
  for (const index of [0, 1, 2])
    await gatherings.answer(proposal.root as Hex, await answerOf(index, proposal));
  expect((await again).seats).toBe(0b111n);
});

test("one attester alone makes nothing too young", async () => {
  const { gatherings, shown } = gather({ bounds: { young: 0 } });
  const asked = codeOf(gatherings.propose([prepared(1)], CHAIN, 100, "one"));
  await tick();
  const proposal = need(shown[0], "a proposal");
  await gatherings.answer(proposal.root as Hex, await answerOf(0, proposal, "too_young"));
  expect(await asked).toBe("bundles.not_attested");
  const again = gatherings.propose([prepared(1), prepared(2)], CHAIN, 50, "one").catch(() => undefined);
  await tick();
  expect(shown).toHaveLength(2);
  await again;
});
