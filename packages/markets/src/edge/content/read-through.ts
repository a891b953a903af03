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
 * Bytes with this hash from the first gateway that has them. No gateway is believed: what it gives is hashed, and is never
 * longer than what we would have taken ourselves. Null when none has them.
 */
export async function readThrough(gateways: readonly string[], sha256: Hex): Promise<Uint8Array | null> {
  for (const template of gateways) {
    const { result, bytes } = await readOne(gatewayUrl(template, sha256), sha256);
    fetches.inc({ result });
    if (bytes) return bytes;
  }
  return null;
}

async function readOne(url: URL, sha256: Hex): Promise<{ result: string; bytes?: Uint8Array }> {
  try {
    const response = await fetch(url, {
      redirect: "manual",
      headers: { accept: "application/vnd.ipld.raw, */*;q=0.1" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { result: response.status >= 500 ? "failed" : "absent" };
    }
    const bytes = await readAtMost(response, MOST_SHEET_BYTES);
    if (bytes === null) return { result: "too_long" };
    return hashOf(bytes) === sha256 ? { result: "read", bytes } : { result: "other_bytes" };
  } catch {
    return { result: "failed" }; // counted; the next gateway is asked, and who asked us is told that we do not have it
  }
}
