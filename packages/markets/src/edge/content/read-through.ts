import type { Hex } from "@sooth/kernel";
import { readAtMost } from "@sooth/oracle";
import { counter } from "@sooth/runtime";
import { cidOf, hashOf, MOST_SHEET_BYTES } from "../../core/index.ts";

const fetches = counter("content_gateway_reads_total", "Texts asked of IPFS gateways, by what came", [
  "result",
]);
const TIMEOUT_MS = 5_000;

/** Where a gateway has a text; `template` holds `{cid}`. */
export const gatewayUrl = (template: string, sha256: Hex): URL =>
  new URL(template.replace("{cid}", cidOf(sha256)));

/**
 * Bytes with this hash from whichever gateway is first to give them. No gateway is believed: what it gives is hashed, and is never
 * longer than what we would have taken ourselves. All are asked at once: who asks us does not wait for one that hangs, and has his
 * answer within one time-out. Null when none has them.
 */
export async function readThrough(gateways: readonly string[], sha256: Hex): Promise<Uint8Array | null> {
  const enough = new AbortController();
  const reads = gateways.map(async (template) => {
    const { result, bytes } = await readOne(gatewayUrl(template, sha256), sha256, enough.signal);
    fetches.inc({ result });
    if (!bytes) throw new Error(result);
    return bytes;
  });
  try {
    return await Promise.any(reads);
  } catch {
    return null; // counted, each by what came of it
  } finally {
    enough.abort();
  }
}

async function readOne(
  url: URL,
  sha256: Hex,
  enough: AbortSignal,
): Promise<{ result: string; bytes?: Uint8Array }> {
  try {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { accept: "application/vnd.ipld.raw, */*;q=0.1" },
      signal: AbortSignal.any([enough, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { result: response.status >= 500 ? "failed" : "absent" };
    }
    const bytes = await readAtMost(response, MOST_SHEET_BYTES);
    if (bytes === null) return { result: "too_long" };
    return hashOf(bytes) === sha256 ? { result: "read", bytes } : { result: "other_bytes" };
  } catch {
    return { result: enough.aborted ? "not_needed" : "failed" }; // counted; the next gateway is asked, and who asked us is told that we do not have it
  }
}
