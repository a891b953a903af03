import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  verify,
} from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

export type Pushed = { device: string; text: unknown; ttl: string | undefined };
type Keys = { pair: ECDH; auth: Buffer };
export type PushService = {
  origin: string;
  pushed: Pushed[];
  /** Answered to whatever is pushed; null: it is taken, when it is signed and encrypted as it must be. */
  fault: { status: number; headers?: Record<string, string> } | "hang up" | null;
  /** A browser's subscription, as `PushSubscription.toJSON()` tells it. */
  subscription(device: string): { endpoint: string; keys: { p256dh: string; auth: string } };
  close(): Promise<void>;
};

/**
 * A push service (RFC 8030) and the browsers behind it: takes messages whose VAPID signature is by `publicKey` (RFC 8292), and
 * decrypts them with the browser's keys (RFC 8291), by Node's own cryptography.
 */
export async function startPushService(publicKey: () => string): Promise<PushService> {
  const devices = new Map<string, Keys>();
  const server = createServer(async (request, response) => {
    const { fault } = service;
    if (fault === "hang up") return void request.socket.destroy();
    const device = (request.url ?? "").split("/").at(-1) ?? "";
    const keys = devices.get(device);
    const body = await bodyOf(request);
    if (fault) return void response.writeHead(fault.status, fault.headers).end();
    if (!keys) return void response.writeHead(404).end();
    const wrong = vapidFault(request.headers.authorization ?? "", service.origin, publicKey());
    if (wrong !== null) return void response.writeHead(403).end(wrong);
    const text: unknown = JSON.parse(decrypt(body, keys));
    service.pushed.push({ device, text, ttl: String(request.headers["ttl"]) });
    response.writeHead(201).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const service: PushService = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushed: [],
    fault: null,
    subscription(device) {
      const pair = createECDH("prime256v1");
      pair.generateKeys();
      const auth = randomBytes(16);
      devices.set(device, { pair, auth });
      return {
        endpoint: `${service.origin}/push/${device}`,
        keys: { p256dh: pair.getPublicKey("base64url"), auth: auth.toString("base64url") },
      };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const claims = z.object({ aud: z.string(), exp: z.number(), sub: z.string() });

function vapidFault(header: string, origin: string, known: string): string | null {
  const [, token = "", key = ""] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? [];
  if (key !== known) return "another key";
  const [head = "", body = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: point.toString("base64url", 1, 33),
    y: point.toString("base64url", 33),
  };
  const isSigned = verify(
    "sha256",
    Buffer.from(`${head}.${body}`),
    { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!isSigned) return "not signed";
  const { aud, exp, sub } = claims.parse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  const left = exp - Date.now() / 1000;
  if (aud !== origin || left <= 0 || left > 86_400 || !/^(mailto|https):/.test(sub)) return "wrong claims";
  return null;
}

const derive = (secret: Buffer, key: Buffer, info: Buffer, size: number): Buffer =>
  Buffer.from(hkdfSync("sha256", key, secret, info, size));

/** RFC 8188, a single record, with the secret of RFC 8291. */
function decrypt(body: Buffer, { pair, auth }: Keys): string {
  const salt = body.subarray(0, 16);
  const length = body.readUInt8(20);
  const sender = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), pair.getPublicKey(), sender]);
  const secret = derive(auth, pair.computeSecret(sender), info, 32);
  const key = derive(salt, secret, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = derive(salt, secret, Buffer.from("Content-Encoding: nonce\0"), 12);
  const open = createDecipheriv("aes-128-gcm", key, nonce);
  open.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString("utf8");
}
