import { oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { localParams } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import {
  bitmapOf,
  packAgreed,
  reportTypedData,
  termsFromWire,
  termsToChain,
  wireCall,
  wireHex32,
  wireJury,
  wireProvider,
  wireTerms,
} from "@sooth/oracle/core";
import { loadConfig, type Stack, startStack } from "@sooth/server";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeFunctionData, type LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { z } from "zod";
import { apiClient, type ApiClient } from "../api-client.ts";
import { onInterrupt } from "../cli/interrupt.ts";
import { type Hub, openHub } from "../demo/hub.ts";
import { waitFor } from "../waiting.ts";

/** A throwaway laptop whose providers report nothing: whoever holds their keys says what he likes. */
export type DrillStage = {
  stack: Stack;
  hub: Hub;
  api: ApiClient;
  /** Where the source that the questions name is served. */
  origin: string;
  user(name: string): LocalAccount;
  stop(): Promise<void>;
};
export type DrillQuestion = { id: Hex; terms: z.infer<typeof wireTerms> };

/**
 * Windows of a drill, so that it takes minutes, and a jury's longer than a busy machine takes ({passSealing}). The value that
 * trips a breaker is what two questions secure.
 */
export const DRILL_PARAMS = {
  epochSeconds: 5,
  seasoningSeconds: 2,
  rereportSeconds: 5,
  evidenceSeconds: 6,
  drawDelaySeconds: 3,
  commitSeconds: 120,
  revealSeconds: 120,
  appealSeconds: 6,
  valueLimit: 2n * localParams.minStake,
};
const PATIENCE_SECONDS = 60;
const COLLUDERS = 3;
const prepared = z.object({ id: wireHex32, terms: wireTerms, calls: z.array(wireCall) });
const sitting = wireJury.pick({ phase: true, commitEndsAt: true, jurors: true });
const batches = z.object({
  items: z.array(z.object({ posted: z.boolean(), commitments: z.array(z.unknown()) })),
});
const seats = z.object({ items: z.array(wireProvider.pick({ signer: true, seat: true, juror: true })) });

/** @param over which providers run all the same, and settings beside the drill's */
export async function openDrillStage(
  onStep: (text: string) => void,
  over: { providers?: readonly number[]; settings?: Record<string, string> } = {},
): Promise<DrillStage> {
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-drill-"));
  const source = createServer((_, response) => response.end('{"close":"2400"}'));
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  const origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
  const watcherKey = generatePrivateKey();
  const close = () => {
    source.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const stack = await startStack({
      // From these settings alone: a drill must not touch what this shell's environment names.
      config: loadConfig({
        SOOTH_DATA_DIR: path.join(folder, "stack"),
        SOOTH_PORT: "0",
        PROVIDER_ALLOWED_ORIGINS: origin,
        WATCHER_KEY: watcherKey,
        ORACLE_WATCHERS: privateKeyToAddress(watcherKey),
        ORACLE_MONITOR_SECONDS: "1",
        HTTP_RATE_MAX: "1000000",
        ...over.settings,
      }),
      freePorts: true,
      durable: false,
      blockSeconds: 1,
      exchanges: false,
      providers: over.providers ?? [],
      onStep,
      params: DRILL_PARAMS,
    });
    const api = apiClient(stack.url, PATIENCE_SECONDS);
    const hub = openHub(at(stack.config.HUB_RPC_URLS, 0), stack.config.HUB_CHAIN_ID);
    const users = need(stack.accounts, "a laptop's accounts").users;
    const stop = async () => {
      await stack.stop();
      close();
    };
    const finished = onInterrupt(stop);
    const stage: DrillStage = {
      stack,
      hub,
      api,
      origin,
      user: (name) =>
        need(
          users.find((each) => each.name === name),
          name,
        ).account,
      stop: async () => {
        finished();
        await stop();
      },
    };
    await jurorsReady(stage);
    return stage;
  } catch (error) {
    close();
    throw error;
  }
}

const jurorsReady = ({ api, stack }: DrillStage) =>
  waitFor(
    "twelve jurors",
    async () => {
      const { items } = await api.get("/v1/providers", seats);
      const [, epoch] = await stack.hub.client.readContract({
        address: stack.addresses.stakeManager,
        abi: stakeManagerAbi,
        functionName: "jurorSet",
      });
      const ready = items.filter(({ juror }) => juror).length === 12 && epoch > 0;
      return ready && items.filter(({ seat }) => seat !== null).length === 4 ? true : undefined;
    },
    { seconds: PATIENCE_SECONDS },
  );

/** Asks whether one ether is worth 2,300 dollars or more; it is worth 2,400. */
export async function askInDrill(
  { api, hub, user, origin }: DrillStage,
  o: { text: string; secures: bigint; opensAt: number; liveness: number; reward?: bigint },
): Promise<DrillQuestion> {
  const asker = user("Alice");
  const sources = ["a", "b", "c"].map((name) => ({
    name,
    url: `${origin}/${name}`,
    path: "close",
    unit: "USD",
  }));
  const asked = await api.post(
    "/v1/questions/prepare",
    {
      schema: {
        version: 1,
        text: o.text,
        kind: "bool",
        outcomes: ["No", "Yes"],
        unit: "USD",
        observeAt: o.opensAt,
        sources,
        rule: { type: "atLeast", threshold: "2300" },
      },
      opensAt: o.opensAt,
      deadline: o.opensAt + 900,
      liveness: o.liveness,
      reward: String(o.reward ?? 1_000_000n),
      secures: String(o.secures),
      asker: asker.address,
    },
    prepared,
  );
  await hub.send(asker, asked.calls);
  return { id: asked.id as Hex, terms: asked.terms };
}

/** Sets the clock to the end of a jury's time to seal once every vote is sealed, and on the chain. */
export async function passSealing({ api, hub }: DrillStage, jury: string): Promise<void> {
  const [{ phase, commitEndsAt, jurors }, { items }] = await Promise.all([
    api.get(`/v1/juries/${jury}`, sitting),
    api.get(`/v1/juries/${jury}/batches`, batches),
  ]);
  const posted = items.flatMap((batch) => (batch.posted ? batch.commitments : []));
  const sealed = jurors.length > 0 && jurors.every(({ committed }) => committed);
  if (phase === "commit" && sealed && posted.length === jurors.length) await hub.warpTo(commitEndsAt);
}

/** Three of four providers sign `value`, and somebody transmits it. */
export async function colludeInDrill(
  { api, hub, stack, user }: DrillStage,
  { id, terms }: DrillQuestion,
  value: bigint,
): Promise<void> {
  const domain = { chainId: stack.hub.definition.id, oracle: stack.addresses.oracle };
  const { items } = await api.get("/v1/providers", seats);
  const [, epoch] = await stack.hub.client.readContract({
    address: stack.addresses.stakeManager,
    abi: stakeManagerAbi,
    functionName: "signerSet",
    args: [0],
  });
  const { providers } = need(stack.accounts, "a laptop's accounts");
  const reports = await Promise.all(
    providers.slice(0, COLLUDERS).map(async ({ signer }) => {
      const seated = items.find((each) => each.signer.toLowerCase() === signer.address.toLowerCase());
      const data = reportTypedData(domain, { question: id, value, epoch, round: 0 });
      const sign = need(signer.signTypedData, "a key that signs typed data");
      return { seat: need(seated?.seat ?? undefined, "a seat"), value, signature: await sign(data) };
    }),
  );
  const data = encodeFunctionData({
    abi: oracleAbi,
    functionName: "reportAgreed",
    args: [
      termsToChain(termsFromWire(terms)),
      epoch,
      value,
      bitmapOf(reports.map(({ seat }) => seat)),
      packAgreed(reports),
    ],
  });
  await hub.send(user("Frank"), [{ to: stack.addresses.oracle, data, value: "0", purpose: "report" }]);
}
