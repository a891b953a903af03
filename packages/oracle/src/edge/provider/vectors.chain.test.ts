import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { oracleAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { asker, type Call, keys, openStage, sendAll, type Stage, until } from "../../../test/stage.ts";
import { type wireItemProof, type wireQuestionDetail } from "../../core/index.ts";

type Detail = z.infer<typeof wireQuestionDetail>;
type Item = z.infer<typeof wireItemProof>;

const COUNT = 1_000;
/** Seconds, which are blocks here. */
const AHEAD = 25;
const FINAL = 4;
let server: Server;
let origin: string;
let stage: Stage;
let asked = 0;
beforeAll(async () => {
  // One page with all figures, as an exchange tells its closes.
  server = createServer((_, response) => {
    asked += 1;
    const figures = Array.from({ length: COUNT }, (__, index) => `${index}.25`);
    response.end(JSON.stringify({ figures }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stage = await openStage({ allowedOrigins: [origin] });
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`));
});
afterAll(async () => {
  await stage.close();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const detail = (id: Hex) => stage.get<Detail>(`/v1/questions/${id}`);
const post = async (path: string, body: object) => {
  const response = await fetch(new URL(path, stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { id: Hex; calls: Call[] };
};
async function ask(kind: "numeric" | "bool", over: object = {}): Promise<Hex> {
  const opensAt = (await stage.chain.now()) + AHEAD;
  const prepared = await post("/v1/questions/prepare", {
    schema: {
      version: 1,
      text: "What are the closes of the catalogue?",
      kind: "vector",
      items: { kind, count: COUNT },
      outcomes: kind === "bool" ? ["No", "Yes"] : [],
      decimals: kind === "bool" ? 0 : 2,
      unit: "USD",
      observeAt: opensAt,
      rule: kind === "bool" ? { type: "atLeast", threshold: "500" } : { type: "value" },
      sources: ["a", "b", "c"].map((name) => ({
        name,
        url: `${origin}/${name}?at={observeAt}`,
        path: "figures.{index}",
        unit: "USD",
      })),
      ...over,
    },
    opensAt,
    deadline: opensAt + 600,
    liveness: 3,
    reward: "5000000",
    asker: asker.address,
  });
  expect(prepared).toMatchObject({ schemaText: expect.any(String) });
  await sendAll(stage, asker, prepared.calls);
  await until("the question", async () => (await detail(prepared.id)).status !== undefined);
  return prepared.id;
}
const reach = (id: Hex, status: Detail["status"]) =>
  until(
    `${id} ${status}`,
    async () => {
      const found = await detail(id);
      return found.status === status && found;
    },
    90,
  );
const oracle = () => ({ address: stage.addresses.oracle, abi: oracleAbi }) as const;

test("a thousand questions are one: answered, and each answer proved to the contract", async () => {
  const [numbers, answers] = [await ask("numeric"), await ask("bool")];
  // A clarification before it opens begins a round, which every provider reads before it signs.
  const { calls } = await post(`/v1/questions/${numbers}/clarifications/prepare`, {
    asker: asker.address,
    text: "The close of the main session counts.",
  });
  await sendAll(stage, asker, calls);
  const stops = keys.slice(0, 4).map((key) => stage.provide(key));
  const [told, words] = [await reach(numbers, "final"), await reach(answers, "final")];
  expect(told).toMatchObject({ round: 1, label: "1000 answers under one root" });
  expect(told.clarifications).toMatchObject([{ round: 1, text: "The close of the main session counts." }]);
  expect(words.root).toMatch(/^0x[0-9a-f]{64}$/);

  for (const index of [0, 13, 500, 999]) {
    const item = await stage.get<Item>(`/v1/questions/${numbers}/items/${index}`);
    expect(item.value).toBe(`${index}25`.replace(/^0/, ""));
    const answer = { root: item.root as Hex, facts: BigInt(item.facts) };
    const proved = (value: bigint) =>
      stage.chain.client.readContract({
        ...oracle(),
        functionName: "getProved",
        args: [numbers, answer, BigInt(index), value, (item.proof ?? []) as Hex[]],
      });
    expect((await proved(BigInt(item.value)))[0]).toBe(FINAL);
    await expect(proved(BigInt(item.value) + 1n)).rejects.toThrow("Oracle_NotTheAnswer");
  }
  const codes = await Promise.all(
    [0n, 499n, 500n, 999n, 1_000n].map(async (index) => {
      const args = [answers, index] as const;
      return (await stage.chain.client.readContract({ ...oracle(), functionName: "packedAt", args }))[1];
    }),
  );
  expect(codes).toEqual([1, 1, 2, 2, 0]);

  // Four providers read three pages for each of two questions, once in the attempt that signs, and not for every item.
  expect(asked).toBeLessThan(COUNT);
  const evidence = told.reports[0]?.evidence ?? "";
  expect(await stage.get<object>(`/v1/evidence/${evidence}`)).toMatchObject({
    root: told.root,
    clarified: told.clarifications[0]?.chain,
  });
  await until(
    "the rewards",
    async () => (await detail(numbers)).rewardSettled && (await detail(answers)).rewardSettled,
  );
  await Promise.all(stops.map((stop) => stop()));

  const waits = await rows<{ blocks: number }>(
    stage.store.db,
    sql`select q.answered_at - (select r.received_at from oracle.reports r where r.question = q.id and r.round = q.round
        order by r.received_at offset 2 limit 1) as blocks
      from oracle.questions q where q.state = 'answered' order by 1`,
  );
  // For whoever reads the log; how fast a machine is, is no test.
  // oxlint-disable-next-line no-console
  console.log(
    `blocks from quorum to answer, of vectors of ${COUNT}: ${waits.map(({ blocks }) => blocks).join(", ")}`,
  );
}, 150_000);
