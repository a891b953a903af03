import type { Hex } from "@sooth/kernel";
import { z } from "zod";
import { cidOf } from "../../core/index.ts";
import type { Pinner } from "./pinner.ts";

/** Larger, and `add` would cut it into blocks, which have another CID. Source: Kubo's default chunker, size-262144. */
const ONE_BLOCK = 262_144;
const TIMEOUT_MS = 20_000;

/**
 * An IPFS node by its HTTP API (Kubo's RPC, and who speaks it). `url`: where `/api/v0` stands; credentials in it become a header.
 * What it says it stored must have our CID.
 */
export function ipfsNode(url: string): Pinner {
  const base = new URL(url);
  const headers =
    base.username === ""
      ? undefined
      : {
          authorization: `Basic ${Buffer.from(`${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`).toString("base64")}`,
        };
  base.username = "";
  base.password = "";
  // Behind a proxy it may stand below a path.
  base.pathname = `${base.pathname.replace(/\/+$/, "")}/api/v0/`;
  const call = async (path: string, signal: AbortSignal, body?: FormData): Promise<unknown> => {
    const response = await fetch(new URL(path, base), {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await response.text();
    if (!response.ok && !text.includes("not pinned"))
      throw new Error(`it answered with HTTP ${response.status}`);
    return response.ok ? JSON.parse(text) : null;
  };
  return {
    pin: async ({ sha256, bytes }, signal) => {
      const cid = cidOf(sha256);
      const body = new FormData();
      body.append("file", new Blob([new Uint8Array(bytes)]), sha256);
      if (bytes.length <= ONE_BLOCK) {
        const told = z
          .object({ Hash: z.string() })
          .parse(
            await call("add?cid-version=1&raw-leaves=true&hash=sha2-256&pin=true&quieter=true", signal, body),
          );
        mustBe(told.Hash, cid);
      } else {
        const told = z
          .object({ Key: z.string() })
          .parse(await call("block/put?cid-codec=raw&mhtype=sha2-256&allow-big-block=true", signal, body));
        mustBe(told.Key, cid);
      }
      // Said again: a node may add without pinning where it was told so in its settings.
      const { Pins } = z
        .object({ Pins: z.array(z.string()) })
        .parse(await call(`pin/add?arg=${cid}`, signal));
      mustBe(Pins[0] ?? "nothing", cid);
      return { done: true };
    },
    unpin: async ({ sha256 }: { sha256: Hex }, signal) => {
      await call(`pin/rm?arg=${cidOf(sha256)}`, signal);
    },
  };
}

function mustBe(told: string, cid: string): void {
  if (told !== cid) throw new Error(`it stored ${told.slice(0, 80)}, not ${cid}`);
}
