import { guardAbi, oracleAbi, testDollarAbi } from "@sooth/abi";
import { localParams } from "@sooth/chain";
import { at, need } from "@sooth/kernel";
import { claimFrom } from "@sooth/oracle/core";
import { configureLogs } from "@sooth/runtime";
import { encodeFunctionData, type Hex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import {
  askInDrill,
  colludeInDrill,
  DRILL_PARAMS,
  type DrillStage,
  openDrillStage,
  passSealing,
} from "../emergency/drill-stage.ts";
import { logsOfNode } from "../verify/log-source.ts";
import { verifyQuestion } from "../verify/verify-question.ts";
import { waitFor } from "../waiting.ts";

const DEPOSIT = 250_000_000n;
/** More than trips the breaker that counts value. */
const MUCH = 2n * localParams.minStake + 1n;
const detail = z.object({ status: z.string(), value: z.string().nullable() });
const attempts = z.object({
  items: z.array(z.object({ kind: z.string(), state: z.string(), reason: z.string() })),
});
const disputes = z.object({
  items: z.array(
    z.object({
      outcome: z.string().nullable(),
      juries: z.array(z.string()),
      ladder: z.array(z.object({ name: z.string() })),
    }),
  ),
});

let stage: DrillStage;
beforeAll(async () => {
  configureLogs({ level: "silent" });
  // Two of four run a node: half of the weight, which makes no quorum.
  stage = await openDrillStage(() => {}, {
    providers: [0, 1],
    settings: { ORACLE_RESOLVE_DEPOSIT: String(DEPOSIT) },
  });
}, 300_000);
afterAll(() => stage.stop());

const questionOf = (id: Hex) => stage.api.get(`/v1/questions/${id}`, detail);
const tried = (id: Hex, start: string) =>
  waitFor(
    start,
    async () => {
      const { items } = await stage.api.get(`/v1/questions/${id}/attempts`, attempts);
      return items
        .map(({ kind, state, reason }) => `${kind} ${state}: ${reason}`)
        .find((each) => each.startsWith(start));
    },
    { seconds: 90 },
  );
const read = (functionName: "windowFactor" | "meanDisputes") =>
  stage.stack.hub.client.readContract({ address: stage.stack.addresses.guard, abi: guardAbi, functionName });
const relayer = () => need(stage.stack.accounts, "a laptop's accounts").relayer.address;
const creditOf = (account: Hex) =>
  stage.stack.hub.client.readContract({
    address: stage.stack.addresses.oracle,
    abi: oracleAbi,
    functionName: "creditOf",
    args: [account],
  });

/** Somebody puts down what the relayer may stake for one question. */
async function fundRelayer(): Promise<void> {
  const { collateral, oracle } = stage.stack.addresses;
  const call = { value: "0", purpose: "fund" };
  const approve = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [oracle, DEPOSIT],
  });
  const deposit = encodeFunctionData({ abi: oracleAbi, functionName: "deposit", args: [relayer(), DEPOSIT] });
  await stage.hub.send(stage.user("Carol"), [
    { ...call, to: collateral, data: approve },
    { ...call, to: oracle, data: deposit },
  ]);
}

test(
  "half of the weight answers: the server objects to the silence, a breaker trips meanwhile, and a jury decides",
  { timeout: 600_000 },
  async () => {
    await fundRelayer();
    const credit = await creditOf(relayer());
    const opensAt = (await stage.hub.now()) + 10;
    const silent = await askInDrill(stage, { text: "Who answers?", secures: 0n, opensAt, liveness: 20 });
    await tried(silent.id, "report waiting: 2 of 4 seats, 50.0% of the weight");
    await stage.hub.warpTo(claimFrom(silent.terms, { notBefore: opensAt }) + 1);
    await tried(silent.id, "jury done: 2 reports with 50.0% of the weight stand behind what is claimed");
    expect((await questionOf(silent.id)).status).toBe("disputed");
    expect(await read("windowFactor")).toBe(1);

    // While providers may look again and jurors vote, another answer secures so much that the worker trips the breaker.
    const opens = (await stage.hub.now()) + 8;
    const dear = await askInDrill(stage, {
      text: "What is dear?",
      secures: MUCH,
      opensAt: opens,
      liveness: 60,
    });
    await waitFor("it opens", async () => ((await stage.hub.now()) > opens ? true : undefined), {
      seconds: 60,
    });
    await colludeInDrill(stage, dear, 1n);
    await waitFor("the trip", async () => ((await read("windowFactor")) === 2 ? true : undefined), {
      seconds: 60,
    });

    const ended = await waitFor(
      "the end of the dispute",
      async () => {
        const { items } = await stage.api.get(`/v1/disputes?question=${silent.id}`, disputes);
        await Promise.all(items.flatMap(({ juries }) => juries).map((jury) => passSealing(stage, jury)));
        return items.find(({ outcome }) => outcome !== null);
      },
      { seconds: 200 },
    );
    expect(ended.outcome).toBe("replace");
    expect(ended.juries).toHaveLength(1);
    expect(ended.ladder.map(({ name }) => name)).toContain("Jury of 9");
    const final = await waitFor(
      "its answer to be final",
      async () => {
        const found = await questionOf(silent.id);
        return found.status === "final" ? found : undefined;
      },
      { seconds: 60 },
    );
    expect(final.value).toBe("1");
    // His deposit less what its jury was paid: nobody had signed, so nobody was slashed for it.
    expect(await creditOf(relayer())).toBe(credit - DEPOSIT / 4n);

    const { addresses, startBlock, config } = stage.stack;
    const params = { ...localParams, ...DRILL_PARAMS };
    const deployment = { chainId: config.HUB_CHAIN_ID, addresses, params, startBlock };
    const file = await logsOfNode(at(config.HUB_RPC_URLS, 0), deployment);
    for (const { id } of [silent, dear]) {
      const { findings } = await verifyQuestion(file, id, { deployment, evidence: null });
      expect(findings).toEqual([]);
    }
  },
);
