import { oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { at, type Hex } from "@sooth/kernel";
import { one, sql } from "@sooth/store";
import { zeroAddress } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { numericSchema, termsFor } from "../../test/people.ts";
import { asker, keys, openStage, owners, STAKE, type Stage, until, walletOf } from "../../test/stage.ts";
import {
  packEntries,
  questionId,
  reportTypedData,
  schemaText,
  type Terms,
  termsToChain,
} from "../core/index.ts";
import { questionById } from "./questions.ts";
import { signerSet } from "./signer-sets.ts";

const schema = numericSchema({ sources: [] });
let stage: Stage;
let nonce = 0n;

beforeAll(async () => {
  stage = await openStage({ allowedOrigins: [], params: { epochSeconds: 3_600 } });
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`), 120);
}, 180_000);
afterAll(() => stage.close());

const manager = () => ({ address: stage.addresses.stakeManager, abi: stakeManagerAbi }) as const;
const isBanned = (owner: Hex) =>
  stage.chain.client.readContract({ ...manager(), functionName: "isBanned", args: [owner] });
const earnerOf = (key: Hex) =>
  stage.chain.client.readContract({ ...manager(), functionName: "earnerOf", args: [key] });
const stakeOf = async (index: number) => {
  const { stake } = await stage.chain.client.readContract({
    address: stage.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "providerOf",
    args: [at(owners, index).address],
  });
  return stake;
};
const shown = (question: Hex) =>
  one(stage.store.db, sql`select 1 from oracle.named_faults where question = ${question}`);
type Slash = { owner: Hex; reason: string; amount: string; question: Hex | null };
const slashes = async () => (await stage.get<{ items: Slash[] }>("/v1/slashes")).items;

async function signed(question: Hex, index: number, value: bigint) {
  const { epoch, seats } = await signerSet(stage.store.db, 0);
  const key = at(keys, index);
  const report = { question, value, epoch, round: 0 };
  const domain = { chainId: stage.chain.definition.id, oracle: stage.addresses.oracle };
  const signature = await key.signTypedData(reportTypedData(domain, report));
  const seat = seats.findIndex(({ signer }) => signer === key.address.toLowerCase());
  return { ...report, seat, signature };
}

/** Asked, and answered by what the first three sign; transmitted by somebody who hands nothing over here. */
async function answered(values: readonly bigint[]): Promise<Hex> {
  const now = await stage.chain.now();
  const terms: Terms = termsFor(schema, {
    asker: asker.address,
    opensAt: now,
    deadline: now + 6_000,
    liveness: 5,
    reward: 0n,
    tolerance: 5n,
    nonce: nonce++,
  });
  const id = questionId(terms);
  const to = { address: stage.addresses.oracle, abi: oracleAbi } as const;
  const wallet = walletOf(stage, asker);
  const mined = async (hash: Hex) => {
    const receipt = await stage.node.waitForTransactionReceipt({ hash, pollingInterval: 50 });
    expect(receipt.status).toBe("success");
  };
  const asked = [termsToChain(terms), schemaText(schema)] as const;
  await mined(await wallet.writeContract({ ...to, functionName: "ask", args: asked }));
  const { epoch } = await signerSet(stage.store.db, 0);
  const entries = packEntries(await Promise.all(values.map((value, index) => signed(id, index, value))));
  const given = [termsToChain(terms), epoch, entries] as const;
  await mined(await wallet.writeContract({ ...to, functionName: "reportValues", args: given }));
  await until(
    "the answer",
    async () => (await questionById(stage.store.db, id))?.word.state === "answered",
    120,
  );
  return id;
}

test(
  "a number outside tolerance is a warning, the next one costs its part, and nobody is asked to tell",
  { timeout: 300_000 },
  async () => {
    const first = await answered([100n, 102n, 200n]);
    await until("the warning", () => shown(first), 120);
    expect(await stakeOf(2)).toBe(STAKE);
    const second = await answered([100n, 102n, 120n]);
    await until("the charge", () => shown(second), 120);
    // 0.1 % for each of 18 / 5 tolerances.
    const taken = (STAKE * 3_600n) / 1_000_000n;
    await until("the slash", async () => (await slashes()).length === 1, 60);
    expect(await slashes()).toMatchObject([
      { reason: "outside tolerance", amount: String(taken), question: second },
    ]);
    expect(await stakeOf(2)).toBe(STAKE - taken);
  },
);

test(
  "who signed two values, one on chain and one handed over, loses all and is banned with his key",
  { timeout: 300_000 },
  async () => {
    const id = await answered([100n, 102n, 101n]);
    const other = await signed(id, 0, 103n);
    const { question, epoch, round } = other;
    // The API recovers him from v of 0 or 1, the contract would not: that must not spare him.
    const v = Number.parseInt(other.signature.slice(130), 16) - 27;
    const signature = `${other.signature.slice(0, 130)}0${v}`;
    const response = await fetch(new URL("/v1/reports", stage.apiUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      // Its evidence is worth nothing: the signature is.
      body: JSON.stringify({
        question,
        epoch,
        round,
        value: "103",
        signature,
        evidence: "{}",
        evidenceSignature: signature,
      }),
    });
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      409,
      "oracle.equivocation",
    ]);
    const owner = at(owners, 0).address;
    await until("the ban", () => isBanned(owner), 120);
    expect(await stakeOf(0)).toBe(0n);
    expect(await earnerOf(at(keys, 0).address)).toBe(zeroAddress);
    await until("the slash", async () => (await slashes()).length === 2, 60);
    expect((await slashes())[0]).toMatchObject({ reason: "equivocation", owner: owner.toLowerCase() });
  },
);
