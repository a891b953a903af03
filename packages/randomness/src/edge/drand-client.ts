import type { Hex } from "@sooth/kernel";
import { alert, counter } from "@sooth/runtime";
import { z } from "zod";
import { RandomnessError, verify } from "../core/index.ts";
import type { BeaconIdentity, BeaconSource, SignedRound } from "./beacon-source.ts";

const answers = counter("randomness_relay_answers_total", "Answers of the beacon's relays", [
  "relay",
  "result",
]);
/** A relay that tells a false signature is broken or hostile; nothing came of it, but it should be taken off the list. */
alert({
  id: "randomness.relay_lies",
  severity: "ticket",
  forSeconds: 0,
  when: `increase(${answers.metric}{result="false"}[1h]) > 0`,
  runbook: "docs/runbooks/randomness.md#a-relay-tells-what-does-not-hold",
});

/** An answer has some 250 bytes. */
const MAX_BYTES = 16_384;
const TIMEOUT_MS = 4_000;
/** A relay takes a tenth of a second; one that takes five is not waited for alone. */
const NEXT_AFTER_MS = 500;

/** Both protocols tell at least this; other members are no business of ours. */
const answer = z.object({
  round: z.number().int().positive(),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

export type DrandOptions = {
  /** Whose signatures are believed; asked for again where it fails. */
  identity: () => Promise<BeaconIdentity>;
  /** Base URLs, the preferred first. One with `/beacons/` in it speaks drand's second protocol, any other the first. */
  urls: readonly string[];
  /** What one relay may take for its answer. */
  timeoutMs?: number;
  /** After so long without an answer the next relay is asked too. */
  nextAfterMs?: number;
};

/** What came of one question to one relay; `result` is a label of the metric. */
type Told = { result: "held"; signed: SignedRound } | { result: "none" | "failed" | "false"; found: string };

type Asked = { relay: string; told: Told };

/**
 * Asks the relays of a drand network in their order, over HTTP, the next as soon as the last one has failed or is slow: what is
 * taken is the first signature that holds under the beacon's key. A relay can withhold a round, but not change it.
 */
export function drandClient(options: DrandOptions): BeaconSource {
  const { identity, urls, timeoutMs = TIMEOUT_MS, nextAfterMs = NEXT_AFTER_MS } = options;
  const ask = async (round: bigint | "latest", signal?: AbortSignal): Promise<SignedRound> => {
    const beacon = await identity();
    const enough = new AbortController();
    const stop = signal ? AbortSignal.any([signal, enough.signal]) : enough.signal;
    const start = async (url: string): Promise<Asked> => ({
      relay: new URL(url).host,
      told: await askRelay(beacon, url, round, AbortSignal.timeout(timeoutMs), stop),
    });
    const waiting = [...urls];
    const running = new Set<Promise<Asked>>();
    const tried: string[] = [];
    try {
      while (waiting.length > 0 || running.size > 0) {
        signal?.throwIfAborted();
        const next = waiting.shift();
        if (next !== undefined) running.add(start(next));
        const first = await firstOf(running, waiting.length > 0 ? nextAfterMs : undefined);
        if (first === null) continue;
        const { relay, told } = first.value;
        running.delete(first.promise);
        answers.inc({ relay, result: told.result });
        if (told.result === "held") return told.signed;
        tried.push(`${relay} ${told.found}`);
      }
    } finally {
      // Whoever is still asked is let go.
      enough.abort();
    }
    signal?.throwIfAborted();
    throw RandomnessError.beacon_unreachable({ round: String(round), tried });
  };
  return { fetch: (round, signal) => ask(round, signal), latest: (signal) => ask("latest", signal) };
}

/** The first of them that is done, or null after `patienceMs`; without it, however long it takes. */
async function firstOf<T>(
  running: ReadonlySet<Promise<T>>,
  patienceMs: number | undefined,
): Promise<{ promise: Promise<T>; value: T } | null> {
  const done = [...running].map(async (promise) => ({ promise, value: await promise }));
  if (patienceMs === undefined) return Promise.race(done);
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), patienceMs);
  try {
    return await Promise.race([...done, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function askRelay(
  beacon: BeaconIdentity,
  url: string,
  wanted: bigint | "latest",
  timeout: AbortSignal,
  signal: AbortSignal | undefined,
): Promise<Told> {
  let text: string | null;
  try {
    const response = await fetch(pathOf(url, wanted), {
      redirect: "error",
      headers: { accept: "application/json", "user-agent": "sooth" },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await readAtMost(response, MAX_BYTES);
    // 404 and 425: the round is not published yet, as far as this relay has heard.
    if (response.status === 404 || response.status === 425)
      return { result: "none", found: "does not have it" };
    if (!response.ok) return { result: "failed", found: `answered with HTTP ${response.status}` };
  } catch {
    // The reason's own text may name inner addresses.
    return { result: "failed", found: timeout.aborted ? "did not answer in time" : "cannot be reached" };
  }
  return text === null ? { result: "failed", found: "answered at length" } : judge(beacon, wanted, text);
}

/** Believes nothing but the signature. */
function judge(beacon: BeaconIdentity, wanted: bigint | "latest", text: string): Told {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { result: "failed", found: "answered with something else than JSON" };
  }
  const parsed = answer.safeParse(json);
  if (!parsed.success) return { result: "failed", found: "answered with something else than a round" };
  const signed = { round: BigInt(parsed.data.round), signature: `0x${parsed.data.signature}` as Hex };
  if (wanted !== "latest" && signed.round !== wanted)
    return { result: "false", found: `answered with round ${signed.round}` };
  if (!verify(beacon.publicKey, signed.round, signed.signature))
    return { result: "false", found: "answered with a signature that does not hold" };
  return { result: "held", signed };
}

/** `/v2/beacons/evmnet/rounds/7` of the second protocol, `/<chain hash>/public/7` of the first. */
function pathOf(url: string, round: bigint | "latest"): string {
  const base = url.replace(/\/+$/, "");
  return base.includes("/beacons/") ? `${base}/rounds/${round}` : `${base}/public/${round}`;
}

/** The whole body as text, or null as soon as it is longer than `limit`. */
async function readAtMost(response: Response, limit: number): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > limit) return null; // leaving the loop closes the connection
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
