import { localParams } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import { type EvidenceBody, type LogFile, wireQuestionDetail } from "@sooth/oracle/core";
import { configureLogs } from "@sooth/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isEvent, rewritten } from "../../test/rewritten.ts";
import { askInDrill, DRILL_PARAMS, type DrillStage, openDrillStage } from "../emergency/drill-stage.ts";
import { waitFor } from "../waiting.ts";
import { logsOfNode } from "./log-source.ts";
import { verifyQuestion } from "./verify-question.ts";

/** A laptop with its four nodes and its own short times: what secures its top tier is answered by what they committed to. */
let stage: DrillStage;
beforeAll(async () => {
  configureLogs({ level: "silent" });
  stage = await openDrillStage(() => {}, { providers: [0, 1, 2, 3] });
}, 300_000);
afterAll(() => stage.stop());

const detail = (id: Hex) => stage.api.get(`/v1/questions/${id}`, wireQuestionDetail);
const until = <T>(what: string, look: () => Promise<T | undefined>) => waitFor(what, look, { seconds: 150 });

test("a laptop answers it by commit and reveal, and the logs alone prove it", async () => {
  const asked = await askInDrill(stage, {
    text: "Is one ether worth 2,300 dollars?",
    secures: localParams.commitTier,
    opensAt: (await stage.stack.hub.now()) + 2,
    liveness: 10,
  });
  const { id } = asked;
  const phase = await until("a phase", async () => {
    const found = await detail(id).catch(() => undefined);
    return found?.commit && found.commit.committed > 0 ? found : undefined;
  });
  expect(phase.commit).toMatchObject({ seats: 4 });
  expect(phase.reports.every(({ value }) => value === null)).toBe(true);
  const answered = await until("an answer", async () => {
    const found = await detail(id);
    return found.status === "open" ? undefined : found;
  });
  expect(answered).toMatchObject({ value: "1", commit: null });

  const { addresses, startBlock, config } = stage.stack;
  const params = { ...localParams, ...DRILL_PARAMS };
  const deployment = { chainId: config.HUB_CHAIN_ID, addresses, params, startBlock };
  const file = await logsOfNode(at(config.HUB_RPC_URLS, 0), deployment);
  const evidence = await Promise.all(
    answered.reports
      .filter(({ counted }) => counted)
      .map(async ({ evidence: hash, opening }): Promise<EvidenceBody> => {
        const name = need(hash ?? undefined, "evidence");
        const response = await fetch(new URL(`/v1/evidence/${name}`, stage.stack.url));
        const secret = need(opening?.secret, "a secret") as Hex;
        return { name, text: await response.text(), secret };
      }),
  );
  const told = async (given: LogFile) => {
    const { findings, lines } = await verifyQuestion(given, id, { deployment, evidence });
    return { found: findings.map(({ what }) => what), said: lines.map(({ what }) => what) };
  };
  const { found, said } = await told(file);
  expect(found).toEqual([]);
  expect(evidence.length).toBeGreaterThanOrEqual(3);
  expect(said.filter((line) => line.includes("had committed to this evidence"))).toHaveLength(
    evidence.length,
  );

  // A commitment that was not there, or another hash of it.
  const commit = need(
    file.logs.find((log) => isEvent(log, "ReportsCommitted") && log.topics[1] === id),
    "commitments",
  );
  const without = { ...file, logs: file.logs.filter((log) => !isEvent(log, "ReportsCommitted")) };
  expect((await told(without)).found).toContainEqual(expect.stringMatching(/^no log commits to batch/));
  const bent = rewritten(commit, (args: object) => ({ ...args, chained: `0x${"0b".repeat(32)}` }));
  const other = { ...file, logs: file.logs.map((log) => (isEvent(log, "ReportsCommitted") ? bent : log)) };
  expect((await told(other)).found).toContainEqual(expect.stringMatching(/^no log commits to batch/));
}, 400_000);
