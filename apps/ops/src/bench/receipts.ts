import { at } from "@sooth/kernel";
import type { OracleDomain } from "@sooth/oracle/core";
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { OpsError } from "../ops-error.ts";
import { endProcess } from "../server/launch.ts";
import { waitFor } from "../waiting.ts";
import { crowdOf, handoverOf, joinAll } from "./answers-crowd.ts";
import { askAll, type Asked, type Field, handOver, onField, PATIENCE_SECONDS, seated } from "./field.ts";
import { type BenchPart, type Measurement, measurement, percentile } from "./measurement.ts";

const PROVIDERS = 20;
const QUESTIONS = 20;
const TARGET_MS = 1_000;

/**
 * How long a provider waits for the signed receipt of his report, and an asker for that of his question: one after the other,
 * as each of them sees it. Beside it a route of the same library that signs the same and does nothing else.
 */
export const receipts: BenchPart = {
  name: "receipts",
  about: "milliseconds until a provider and an asker have their signed receipt, beside a bare signed reply",
  run: (onStep) => onField(onStep, (field) => measure(field, onStep)),
};

async function measure(field: Field, onStep: (text: string) => void): Promise<Measurement[]> {
  onStep(`${PROVIDERS} providers join`);
  const crowd = crowdOf(PROVIDERS, 1).map((each) => ({ ...each, domain: 1 }));
  await joinAll(field.hub, field.stack.hub, field.stack.addresses, crowd);
  const epoch = (await seated(field, { domains: 1, each: PROVIDERS })).get(1) ?? 0;
  onStep(`asking ${QUESTIONS} questions`);
  const asked = await askAll(field, "bool", QUESTIONS, { domains: 1, aSecond: QUESTIONS });
  const asks = await inTurn(asked, ({ id }) =>
    timed(`${field.url}/v1/receipts/asks`, JSON.stringify({ question: id })),
  );
  const domain: OracleDomain = {
    chainId: field.stack.config.HUB_CHAIN_ID,
    oracle: field.stack.addresses.oracle,
  };
  const bodies: string[] = [];
  for (const { id } of asked)
    for (const member of crowd)
      bodies.push(JSON.stringify(await handoverOf(domain, member, { question: id, value: "1", epoch })));
  await opened(field, asked);
  onStep(`${bodies.length} reports, one after the other`);
  const ours = await inTurn(bodies, (body) => handOver(field.url, body));
  const bare = await besideBare(bodies);
  return [
    row("receipts.report_p95", ours, TARGET_MS, "target of the design", true),
    row("receipts.report_p95_beside_bare", ours, percentile(bare, 0.95), "bare signed reply, p95, same run"),
    row("receipts.ask_p95", asks, TARGET_MS, "target of the design", true),
  ];
}

const row = (
  name: string,
  waited: readonly number[],
  reference: number,
  against: string,
  isLimit = false,
): Measurement =>
  measurement({
    name,
    value: percentile(waited, 0.95),
    unit: "ms",
    reference,
    against: `${against}, of ${waited.length}`,
    smallerIsBetter: true,
    isLimit,
  });

async function inTurn<T>(all: readonly T[], each: (one: T) => Promise<number>): Promise<number[]> {
  const found: number[] = [];
  for (const one of all) found.push(await each(one));
  return found;
}

const opened = ({ hub }: Field, asked: readonly Asked[]) =>
  waitFor("the questions to open", async () => (await hub.now()) >= at(asked, 0).opensAt || undefined, {
    seconds: PATIENCE_SECONDS,
  });

async function besideBare(bodies: readonly string[]): Promise<number[]> {
  const child = fork(path.join(import.meta.dirname, "bare-signer.ts"));
  try {
    const [url] = (await once(child, "message")) as [string];
    return await inTurn(bodies, (body) => timed(url, body));
  } finally {
    await endProcess(child);
  }
}

/** Milliseconds until the whole answer is here. @throws when it is refused */
async function timed(url: string, body: string): Promise<number> {
  const sentAt = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw OpsError.api_refused({ call: `POST ${url}`, status: response.status, body: text });
  return performance.now() - sentAt;
}
