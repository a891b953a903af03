import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cidOf } from "../../src/core/index.ts";

/** What goes wrong with the next request. */
export type Fault = { status: number } | "stall" | "hang_up" | "other_cid" | "failed_pin";
const TOKEN = "token-of-the-simulator";

/**
 * An IPFS node with its HTTP API (`/api/v0`), a gateway (`/ipfs/{cid}`) and a service of the Pinning Service API (`/pins`) in
 * front of one store. Faults come first, one a request.
 */
export async function startIpfs() {
  const blocks = new Map<string, Buffer>();
  const pins = new Set<string>();
  const requests = new Map<string, { cid: string; asked: number }>();
  const faults: Fault[] = [];
  const calls: string[] = [];
  /** What a gateway gives in place of what it has. */
  const forged = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(request.url ?? "/", url);
    calls.push(`${request.method} ${at.pathname}`);
    const body = Buffer.concat(await request.toArray());
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    const fault = faults.shift();
    if (fault === "stall") return;
    if (fault === "hang_up") return void response.socket?.resetAndDestroy();
    if (typeof fault === "object") return json({ Message: "no", Code: 0, Type: "error" }, fault.status);
    const said = (cid: string) => (fault === "other_cid" ? cidOf(`0x${"0".repeat(64)}`) : cid);
    if (at.pathname.startsWith("/ipfs/")) {
      const cid = at.pathname.slice(6);
      const found = forged.get(cid) ?? blocks.get(cid);
      if (!found) return json({}, 404);
      response.writeHead(200, { "content-type": "application/vnd.ipld.raw" });
      return void response.end(found);
    }
    if (at.pathname === "/api/v0/add" || at.pathname === "/api/v0/block/put") {
      const bytes = await fileOf(request, body);
      const cid = cidOf(`0x${createHash("sha256").update(bytes).digest("hex")}`);
      blocks.set(cid, bytes);
      return at.pathname === "/api/v0/add"
        ? json({ Name: "file", Hash: said(cid), Size: String(bytes.length) })
        : json({ Key: said(cid), Size: bytes.length });
    }
    const arg = at.searchParams.get("arg") ?? "";
    if (at.pathname === "/api/v0/pin/add") {
      pins.add(arg);
      return json({ Pins: [said(arg)] });
    }
    if (at.pathname === "/api/v0/pin/rm")
      return pins.delete(arg)
        ? json({ Pins: [arg] })
        : json({ Message: "not pinned or pinned indirectly", Code: 0, Type: "error" }, 500);
    if (at.pathname.startsWith("/pins")) {
      if (request.headers.authorization !== `Bearer ${TOKEN}`)
        return json({ error: { reason: "UNAUTHORIZED" } }, 401);
      if (request.method === "GET" && at.pathname === "/pins") {
        const cids = at.searchParams.get("cid")?.split(",") ?? [];
        const found = [...requests].filter(([, { cid }]) => cids.includes(cid));
        const results = found.map(([requestid, { cid }]) => ({ requestid, status: "pinned", pin: { cid } }));
        return json({ count: results.length, results });
      }
      return servePins(request.method ?? "", at.pathname.slice(6), body, fault, json);
    }
    return json({}, 404);
  }

  function servePins(
    method: string,
    id: string,
    body: Buffer,
    fault: Fault | undefined,
    json: (value: unknown, status?: number) => void,
  ): void {
    const tell = (requestid: string, cid: string, status: string, code = 200) =>
      json({ requestid, status, created: "2026-01-01T00:00:00Z", pin: { cid }, delegates: [] }, code);
    if (method === "POST") {
      const { cid } = JSON.parse(body.toString()) as { cid: string };
      const requestid = `request-${requests.size + 1}`;
      requests.set(requestid, { cid, asked: 0 });
      return tell(requestid, cid, "queued", 202);
    }
    const found = requests.get(id);
    if (!found) return json({ error: { reason: "NOT_FOUND" } }, 404);
    if (method === "DELETE") {
      requests.delete(id);
      return json({}, 202);
    }
    found.asked += 1;
    if (fault === "failed_pin") return tell(id, found.cid, "failed");
    return tell(id, found.cid, found.asked > 1 ? "pinned" : "pinning");
  }

  return {
    url,
    token: TOKEN,
    blocks,
    pins,
    requests,
    forged,
    calls,
    fail: (...next: Fault[]) => void faults.push(...next),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function fileOf(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": request.headers["content-type"] ?? "" },
  }).formData();
  const file = form.get("file");
  if (!(file instanceof Blob)) throw new Error("no file");
  return Buffer.from(await file.arrayBuffer());
}
