import { localParams } from "@sooth/chain";
import { turnClock } from "@sooth/chain/local-node";
import type { Hex } from "@sooth/kernel";
import { one, rows, sql, type Store } from "@sooth/store";
import { onTestFinished } from "vitest";
import type { z } from "zod";
import { openFrom, pieceAt, type wireQuestionDetail, type wireTerms } from "../src/core/index.ts";
import { startSources } from "./sources.ts";
import { asker, type Call, keys, openStage, sendAll, until } from "./stage.ts";

/** Long enough that nothing happens by itself: the test turns the clock to the next piece. */
export const PIECE = 600;
export const TIER = 500_000_000n;

export type Detail = z.infer<typeof wireQuestionDetail>;
export type Asked = { id: Hex; terms: z.infer<typeof wireTerms> };

export type CommitStage = Awaited<ReturnType<typeof openCommitStage>>;

/** A stage whose questions are committed to first, in pieces of ten minutes that pass when the test says so. */
export async function openCommitStage(params: Partial<typeof localParams> = {}) {
  const sources = await startSources(["a", "b", "c"]);
  sources.set({ close: "2315.50" });
  const stage = await openStage({
    allowedOrigins: [sources.origin],
    params: {
      commitTier: TIER,
      reportCommitSeconds: PIECE,
      // No period ends while the clock is turned: newcomers' records would make their weight too little.
      periods: { ...localParams.periods, periodSeconds: 400_000_000 },
      ...params,
    },
  });
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`));

  /* THE CLOCK */

  const jumpTo = (time: number) => turnClock(stage.node, time);
  /** Begins the next time to commit, and returns its phase. */
  async function toCommit(): Promise<number> {
    const now = pieceAt(await stage.chain.now(), PIECE);
    const next = pieceAt(now.until, PIECE);
    const from = next.committing ? next.from : next.until;
    await jumpTo(from);
    return pieceAt(from, PIECE).phase;
  }
  /** When a collector waits for the missing no longer. */
  const toLate = (phase: number) => jumpTo(2 * phase * PIECE + (PIECE * 3) / 4);
  const toReveal = (phase: number) => jumpTo(openFrom(phase, PIECE));
  /** When a quorum that lacks a seat is waited with no longer. */
  const toHalf = (phase: number) => jumpTo(2 * phase * PIECE + (PIECE * 3) / 2);

  /* QUESTIONS */

  const prepare = async (over: object) => {
    const opensAt = await stage.chain.now();
    const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        schema: {
          version: 1,
          text: "What is the close of ETH?",
          kind: "numeric",
          outcomes: [],
          decimals: 8,
          unit: "USD",
          observeAt: opensAt,
          sources: sources.named,
        },
        opensAt,
        deadline: opensAt + 100 * PIECE,
        liveness: 5,
        reward: "5000000",
        asker: asker.address,
        secures: String(TIER),
        ...over,
      }),
    });
    return response.json();
  };
  async function ask(over: object = {}): Promise<Asked> {
    const prepared = (await prepare(over)) as Asked & { calls: Call[] };
    await sendAll(stage, asker, prepared.calls);
    await until("the question", async () => (await detail(prepared.id)).status !== undefined);
    return prepared;
  }
  const bool = async () => ({
    schema: {
      version: 1,
      text: "Did ETH close above 2300?",
      kind: "bool",
      outcomes: ["No", "Yes"],
      unit: "USD",
      observeAt: await stage.chain.now(),
      sources: sources.named,
      rule: { type: "atLeast", threshold: "2300" },
    },
  });
  const detail = (id: Hex) => stage.get<Detail>(`/v1/questions/${id}`);
  const answeredOf = (id: Hex) =>
    until(`${id} answered`, async () => {
      const found = await detail(id);
      return found.status !== "open" && found;
    });
  const commitments = (id: Hex, { db }: Store = stage.store) =>
    rows<{ phase: number; signer: string; commitment: Hex }>(
      db,
      sql`select phase, signer, commitment from oracle.report_commitments where question = ${id} order by phase, seat`,
    );
  const committed = (id: Hex, count: number, store = stage.store) =>
    until(`${count} commitments`, async () => (await commitments(id, store)).length >= count);
  /** Before half of the time only a batch of every seat is formed. */
  const formed = (id: Hex, phase: number, { db }: Store = stage.store) =>
    until("a batch", () =>
      one(db, sql`select 1 from oracle.commit_batches where question = ${id} and phase = ${phase}`),
    );
  const posted = (id: Hex, phase: number, { db }: Store = stage.store) =>
    until("a batch on chain", () =>
      one(
        db,
        sql`select 1 from oracle.commit_batches b join oracle.posted_commits p on p.chained = b.chained
      where b.question = ${id} and b.phase = ${phase}`,
      ),
    );
  const revealed = (id: Hex, count: number) =>
    until(`${count} values`, async () => {
      const found = await rows<{ value: bigint; seat: number; signature: Hex; epoch: number }>(
        stage.store.db,
        sql`select r.value, r.seat, r.signature, r.epoch from oracle.reports r join oracle.report_openings o
        on o.question = r.question and o.signer = r.signer where r.question = ${id}`,
      );
      return found.length === count && found;
    });
  const post = async (route: string, body: unknown) => {
    const response = await fetch(new URL(route, stage.apiUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { error?: { code: string }; seat?: number; repeated?: boolean };
  };
  const provide = (count: number, collectors: readonly string[] = [stage.apiUrl]) => {
    const stops = keys.slice(0, count).map((key) => stage.provide(key, { collectors }));
    onTestFinished(async () => void (await Promise.all(stops.map((stop) => stop()))));
  };

  return {
    stage,
    sources,
    toCommit,
    toLate,
    toReveal,
    toHalf,
    ask,
    bool,
    detail,
    answeredOf,
    commitments,
    committed,
    formed,
    posted,
    revealed,
    post,
    provide,
    prepare,
    close: async () => {
      await stage.close();
      await sources.stop();
    },
  };
}
