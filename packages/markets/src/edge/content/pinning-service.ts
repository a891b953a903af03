import { z } from "zod";
import { cidOf } from "../../core/index.ts";
import type { Pinner } from "./pinner.ts";

const TIMEOUT_MS = 20_000;
const requestId = z.string().min(1).max(200);
const listed = z.object({ results: z.array(z.object({ requestid: requestId })).max(1_000) });
/** Listed at once, as the API allows; and how often more are asked for, of a service that goes on listing what was let go. */
const PAGE = 100;
const MOST_PAGES = 10;
const status = z.object({
  requestid: requestId,
  status: z.enum(["queued", "pinning", "pinned", "failed"]),
  pin: z.object({ cid: z.string() }),
});

/**
 * A service of the IPFS Pinning Service API 1.0.0. It fetches the bytes over IPFS by itself, so it needs a node that has them:
 * ours, or whoever read our gateway. `url`: where `/pins` stands.
 */
export function pinningService({ url, token }: { url: string; token: string | undefined }): Pinner {
  const call = async (method: "GET" | "POST" | "DELETE", path: string, signal: AbortSignal, body?: object) =>
    fetch(`${url.replace(/\/$/, "")}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  return {
    pin: async ({ sha256, request }, signal) => {
      const cid = cidOf(sha256);
      const response =
        request === null
          ? await call("POST", "/pins", signal, { cid, name: `sooth-${sha256.slice(2, 18)}` })
          : await call("GET", `/pins/${encodeURIComponent(request)}`, signal);
      if (!response.ok) {
        await response.body?.cancel();
        throw new PinRefused(response.status === 404);
      }
      const said = status.parse(await response.json());
      if (said.pin.cid !== cid) throw new Error(`it pins ${said.pin.cid.slice(0, 80)}, not ${cid}`);
      if (said.status === "failed") throw new PinRefused(true);
      return { done: said.status === "pinned", request: said.requestid };
    },
    unpin: async ({ sha256, request }, signal) => {
      const letGo = new Set<string>();
      const remove = async (id: string) => {
        const response = await call("DELETE", `/pins/${encodeURIComponent(id)}`, signal);
        await response.body?.cancel();
        if (!response.ok && response.status !== 404) throw new PinRefused(false);
        letGo.add(id);
      };
      if (request !== null) await remove(request);
      // A request whose answer was lost has an id that only the service knows.
      const query = `cid=${cidOf(sha256)}&status=queued,pinning,pinned,failed&limit=${PAGE}`;
      for (let page = 0; page < MOST_PAGES; page++) {
        const response = await call("GET", `/pins?${query}`, signal);
        if (!response.ok) {
          await response.body?.cancel();
          throw new PinRefused(false);
        }
        const { results } = listed.parse(await response.json());
        const left = results.filter(({ requestid }) => !letGo.has(requestid));
        for (const { requestid } of left) await remove(requestid);
        if (left.length === 0) return;
      }
      throw new PinRefused(false);
    },
  };
}

/** `anew`: the request is lost, so the next try begins another. */
export class PinRefused extends Error {
  readonly anew: boolean;
  constructor(anew: boolean) {
    super(anew ? "it failed to pin, or forgot the request" : "it refuses");
    this.anew = anew;
  }
}
