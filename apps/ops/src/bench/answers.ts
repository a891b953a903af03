import type { Hex } from "@sooth/kernel";
import type { OracleDomain } from "@sooth/oracle/core";
import { rows, sql, type Store } from "@sooth/store";
import { waitFor } from "../waiting.ts";
import { crowdOf, handoverOf, joinAll, type Member } from "./answers-crowd.ts";
import { askAll, type Asked, type Field, handOver, onField, PATIENCE_SECONDS, seated } from "./field.ts";
import { type BenchPart, type Measurement, measurement, percentile } from "./measurement.ts";

const PROVIDERS = 200;
const DOMAINS = 8;
const QUESTIONS = 160;
const VECTORS = DOMAINS;
/** Questions that open in the same second. */
const A_SECOND = 4;
const PACE = { domains: DOMAINS, aSecond: A_SECOND };
const TARGET_BLOCKS = 2;
const TARGET_RECEIPT_MS = 1_000;

/**
 * How many blocks pass between the report that makes a quorum, at the API, and the answer on the chain: 200 providers in
 * eight domains, four questions opening a second, and a vector of 1,000 questions in each domain at the end. Blocks of a
 * local hub are a second apart. The server runs in a process of its own; the providers only sign, they fetch nothing.
 */
export const answers: BenchPart = {
  name: "answers",
  about: `blocks from quorum to answer, ${PROVIDERS} providers`,
  run: (onStep) => onField(onStep, (field) => measure(field, onStep)),
};

async function measure(field: Field, onStep: (text: string) => void): Promise<Measurement[]> {
  onStep(`${PROVIDERS} providers join`);
  // Domain 0 is the laptop's own.
  const crowd = crowdOf(PROVIDERS, DOMAINS).map((each) => ({ ...each, domain: each.domain + 1 }));
  await joinAll(field.hub, field.stack.hub, field.stack.addresses, crowd);
  const epochs = await seated(field, { domains: DOMAINS, each: PROVIDERS / DOMAINS });
  onStep(`asking ${QUESTIONS} questions, then ${VECTORS} vectors of 1,000`);
  const plain = await askAll(field, "bool", QUESTIONS, PACE);
  onStep(`${QUESTIONS} questions, ${A_SECOND} a second`);
  const receipts = await reportAll(field, crowd, epochs, plain);
  const vectors = await askAll(field, "vector", VECTORS, PACE);
  onStep(`${VECTORS} vectors, ${A_SECOND} a second`);
  await reportAll(field, crowd, epochs, vectors);
  return [
    ...wait("answers.quorum_to_answer", await waits(field.store, plain)),
    measurement({
      name: "answers.receipt_p95",
      value: percentile(receipts, 0.95),
      unit: "ms",
      reference: TARGET_RECEIPT_MS,
      against: `target of the design, of ${receipts.length} reports, ${(A_SECOND * PROVIDERS) / DOMAINS} a second`,
      smallerIsBetter: true,
      isLimit: true,
    }),
    ...wait("answers.vector_quorum_to_answer", await waits(field.store, vectors)),
  ];
}

const wait = (name: string, blocks: readonly number[]): Measurement[] =>
  (["p95", "p50"] as const).map((which) =>
    measurement({
      name: `${name}_${which}`,
      value: percentile(blocks, which === "p95" ? 0.95 : 0.5),
      unit: "blocks",
      reference: TARGET_BLOCKS,
      against: `target of the design, of ${blocks.length} answers`,
      smallerIsBetter: true,
      isLimit: true,
    }),
  );

/**
 * Everybody of a question's domain hands over as soon as it opens. Returns how long each waited for its receipt, ms, when all are answered.
 * @throws ops.api_refused
 */
async function reportAll(
  { stack, hub, url, store }: Field,
  crowd: readonly Member[],
  epochs: ReadonlyMap<number, number>,
  asked: readonly Asked[],
): Promise<number[]> {
  const domain: OracleDomain = { chainId: stack.config.HUB_CHAIN_ID, oracle: stack.addresses.oracle };
  const bodies = new Map<Hex, string[]>();
  for (const { id, domain: of, root, values } of asked) {
    const said = {
      question: id,
      value: root === undefined ? "1" : "0",
      epoch: epochs.get(of) ?? 0,
      root,
      values: values?.map(String),
    };
    const members = crowd.filter((member) => member.domain === of);
    const signed = await Promise.all(members.map((member) => handoverOf(domain, member, said)));
    bodies.set(
      id,
      signed.map((body) => JSON.stringify(body)),
    );
  }
  const byOpening = Map.groupBy(asked, ({ opensAt }) => opensAt);
  const sent: Promise<number>[] = [];
  for (const [opensAt, opened] of byOpening) {
    await waitFor("the next to open", async () => (await hub.now()) >= opensAt || undefined, {
      seconds: PATIENCE_SECONDS,
    });
    for (const { id } of opened)
      for (const body of bodies.get(id) ?? []) {
        const handing = handOver(url, body);
        // What fails is told where all are awaited.
        handing.catch(() => {});
        sent.push(handing);
      }
  }
  const waited = await Promise.all(sent);
  const ids = asked.map(({ id }) => id);
  await waitFor(
    "all to be answered",
    async () => {
      const done = await rows(
        store.db,
        sql`select id from oracle.questions where id = any(${ids}) and state <> 'open'`,
      );
      return done.length === ids.length || undefined;
    },
    { seconds: PATIENCE_SECONDS },
  );
  return waited;
}

/** Blocks, here seconds of the chain, from the report with which more than two thirds of the weight had spoken. */
async function waits(store: Store, asked: readonly Asked[]): Promise<number[]> {
  const found = await rows<{ blocks: number }>(
    store.db,
    sql`
    with summed as (
      select r.question, r.received_at, e.total_weight,
        sum(r.weight) over (partition by r.question order by r.received_at) as weight
      from oracle.reports r join oracle.questions q on q.id = r.question
      join oracle.epochs e on e.domain = q.domain and e.epoch = r.epoch
      where r.question = any(${asked.map(({ id }) => id)}))
    select q.answered_at - min(s.received_at) as blocks from summed s join oracle.questions q on q.id = s.question
    where s.weight * 3 > s.total_weight * 2 group by q.id, q.answered_at`,
  );
  return found.map(({ blocks }) => blocks);
}
