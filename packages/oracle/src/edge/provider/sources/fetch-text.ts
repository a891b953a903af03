import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Hex } from "@sooth/kernel";
import type { OriginGate } from "./origin-gate.ts";

/** What came back from a url. `failed` is a sentence without anything that the source wrote. */
export type Fetched =
  | { ok: true; status: number; body: string; sha256: Hex }
  | { ok: false; status: number | null; body: string; sha256: Hex | null; failed: string };

export type FetchOptions = {
  /** Exact origins that may be read: askers choose the urls, so nothing else is fetched. */
  allowedOrigins: readonly string[];
  signal: AbortSignal;
  /** Makes requests to one origin wait for each other; none waits when not given. */
  gate?: OriginGate;
  /** Media types that are asked for. */
  accept?: string;
  /** For one try, from the request to the last byte. */
  timeoutMs?: number;
  /** Decoded; longer answers are failures. */
  maxBytes?: number;
  /** What was fetched already, by url and media types: items of one vector share it. */
  fetched?: Map<string, Promise<Fetched>>;
  /** Further tries after a failure that may pass. */
  retries?: number;
};

const MEGABYTE = 1_048_576;
/** An answer of an exchange is a few kilobytes; decoded size, so that a small packed body cannot unfold without end. */
const MAX_BYTES = MEGABYTE;
const TIMEOUT_MS = 5_000;
const RETRIES = 2;
const FIRST_DELAY_MS = 250;

/** Reads a url, patiently. Never throws for what the source or the network does; an aborted signal ends it as a failure. */
export function fetchText(url: URL, options: FetchOptions): Promise<Fetched> {
  const key = `${options.accept ?? ""} ${url.href}`;
  const before = options.fetched?.get(key);
  if (before) return before;
  const fetched = fetchNow(url, options);
  options.fetched?.set(key, fetched);
  return fetched;
}

async function fetchNow(url: URL, options: FetchOptions): Promise<Fetched> {
  // An address within the operator's network is as much an origin as any other, so only a list can tell them apart.
  if (!options.allowedOrigins.includes(url.origin))
    return failure(null, `${url.origin} is not among the origins that this provider reads`);
  const retries = options.retries ?? RETRIES;
  for (let attempt = 0; ; attempt++) {
    // Every try counts: a source that fails is asked no oftener than one that works.
    const mayAsk = (await options.gate?.enter(url.origin, options.signal)) ?? true;
    if (!mayAsk) return failure(null, `${url.origin} is asked too often by this provider`);
    const { fetched, mayPass } = await fetchOnce(url, options);
    if (fetched.ok || !mayPass || attempt >= retries || options.signal.aborted) return fetched;
    // Half of it by chance: providers that failed together do not come back together.
    const pause = FIRST_DELAY_MS * 2 ** attempt * (0.5 + Math.random() / 2);
    await delay(pause, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

const failure = (status: number | null, failed: string): Fetched => ({
  ok: false,
  status,
  body: "",
  sha256: null,
  failed,
});

async function fetchOnce(
  url: URL,
  { signal, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, accept = "application/json" }: FetchOptions,
): Promise<{ fetched: Fetched; mayPass: boolean }> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      // A redirect could lead to an origin that is not allowed, so none is followed.
      redirect: "manual",
      headers: { accept, "user-agent": "sooth-provider" },
      signal: AbortSignal.any([signal, timeout]),
    });
    const bytes = await readAtMost(response, maxBytes);
    if (bytes === null)
      return {
        fetched: failure(response.status, `its answer is longer than ${maxBytes / MEGABYTE} MB`),
        mayPass: false,
      };
    const body = bytes.toString("utf8");
    const sha256: Hex = `0x${createHash("sha256").update(bytes).digest("hex")}`;
    const { status } = response;
    if (response.ok) return { fetched: { ok: true, status, body, sha256 }, mayPass: false };
    const failed = status >= 300 && status < 400 ? "it redirects" : `it answered with HTTP ${status}`;
    return { fetched: { ok: false, status, body, sha256, failed }, mayPass: status >= 500 || status === 429 };
  } catch {
    // The reason is the network's or ours, and its text may name inner addresses: it is told in our words.
    const failed = timeout.aborted ? `it did not answer within ${timeoutMs} ms` : "it cannot be reached";
    return { fetched: failure(null, failed), mayPass: true };
  }
}

/** The whole decoded body, or null as soon as it is longer than `limit`. */
export async function readAtMost(response: Response, limit: number): Promise<Buffer | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > limit) return null; // leaving the loop closes the connection
    parts.push(part);
  }
  return Buffer.concat(parts);
}
