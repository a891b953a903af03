import type { Hex } from "@sooth/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asker, type Call, keys, openStage, sendAll, type Stage, until } from "../../../../test/stage.ts";
import { type WitnessStage, witnessStage } from "../../../../test/witness-stage.ts";
import { evidenceText } from "../../../core/index.ts";

type Detail = {
  status: string;
  label: string | null;
  reports: { evidence: Hex | null; observations: { source: string; value: string | null }[] }[];
};

let library: WitnessStage;
let stage: Stage;
beforeAll(async () => {
  library = await witnessStage({
    kind: "text",
    text: JSON.stringify({
      verdict: "answer",
      value: null,
      outcome: 1,
      confidence: 97,
      quotes: [{ document: 1, text: "the bill was passed by 61 votes to 39" }],
      reason: "The record says that it was passed.",
    }),
  });
  library.pages.set(
    "record",
    "Session of Sunday: the bill was passed by 61 votes to 39, and the house rose.",
  );
  stage = await openStage({ allowedOrigins: [library.origin] });
});
afterAll(async () => {
  await stage.close();
  await library.stop();
});

async function ask(): Promise<Hex> {
  const opensAt = await stage.chain.now();
  const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema: {
        version: 1,
        text: "Was the bill passed on Sunday?",
        kind: "bool",
        outcomes: ["No", "Yes"],
        observeAt: opensAt,
        sources: [{ type: "witness", name: "record", unit: "outcome", urls: [`${library.origin}/record`] }],
      },
      opensAt,
      deadline: opensAt + 120,
      liveness: 2,
      reward: "5000000",
      asker: asker.address,
    }),
  });
  const { id, calls } = (await response.json()) as { id: Hex; calls: Call[] };
  await sendAll(stage, asker, calls);
  return id;
}

test("a question for witnesses alone: nodes with a model answer it with quotes, one without a key stays silent", async () => {
  const id = await ask();
  const model = await library.modelOf();
  const [first, ...others] = keys.slice(0, 4);
  if (!first) throw new Error("no keys");
  const stops = [stage.provide(first), ...others.map((key) => stage.provide(key, { witness: model }))];
  const answered = await until("the answer", async () => {
    const found = await stage.get<Detail>(`/v1/questions/${id}`);
    return found.status === "final" && found;
  });
  await Promise.all(stops.map((stop) => stop()));
  expect([answered.label, answered.reports.length]).toEqual(["Yes", 3]);
  // Three nodes with one key and one budget asked once.
  expect(library.messages.count()).toBe(1);
  const response = await fetch(new URL(`/v1/evidence/${answered.reports[0]?.evidence}`, stage.apiUrl));
  const text = await response.text();
  const bundle = JSON.parse(text) as Parameters<typeof evidenceText>[0];
  expect(evidenceText(bundle)).toBe(text);
  expect(bundle.sources[0]).toMatchObject({ type: "witness", value: "1", dropped: null });
  expect(JSON.parse(bundle.sources[0]?.excerpt ?? "")).toMatchObject({
    family: "claude",
    verdict: { quotes: [{ document: 1, text: "the bill was passed by 61 votes to 39" }] },
  });
});
