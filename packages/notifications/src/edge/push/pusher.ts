import { createECDH } from "node:crypto";
import webpush from "web-push";
import type { PushText } from "../../core/push-text.ts";
import type { NotificationsConfig } from "../config.ts";
import type { Outcome } from "../outcome.ts";
import { isService } from "./subscriptions.ts";

const DAY = 86_400;
const TIMEOUT_MS = 20_000;

export type Pusher = {
  publicKey: string;
  send(to: { endpoint: string; p256dh: string; auth: string }, texts: readonly PushText[]): Promise<Outcome>;
};
type PushConfig = Pick<NotificationsConfig, "PUSH_KEY" | "PUSH_CONTACT" | "PUSH_SERVICES">;

/** Undefined where the operator wants nothing pushed. */
export function pusherOf({
  PUSH_KEY: privateKey,
  PUSH_CONTACT: subject,
  PUSH_SERVICES,
}: PushConfig): Pusher | undefined {
  if (privateKey === undefined || subject === undefined) return undefined;
  const publicKey = publicKeyOf(privateKey);
  const vapidDetails = { subject, publicKey, privateKey };
  return {
    publicKey,
    send: async ({ endpoint, p256dh, auth }, texts) => {
      // Once more: the list may have become shorter since somebody subscribed.
      if (!isService(endpoint, PUSH_SERVICES)) return { kind: "gone", why: "no push service of ours" };
      const request = webpush.generateRequestDetails(
        { endpoint, keys: { p256dh, auth } },
        JSON.stringify({ texts }),
        { vapidDetails, TTL: DAY, contentEncoding: "aes128gcm" },
      );
      return post(request);
    },
  };
}

/** What browsers subscribe with. @throws when the key is not one of P-256 */
function publicKeyOf(privateKey: string): string {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(Buffer.from(privateKey, "base64url"));
  return pair.getPublicKey().toString("base64url");
}

/** Sent here and not by the library: that follows no time limit for the whole, and speaks https alone. */
async function post({
  endpoint,
  headers,
  body,
}: ReturnType<typeof webpush.generateRequestDetails>): Promise<Outcome> {
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: headers as Record<string, string>,
      body: new Uint8Array(body ?? Buffer.alloc(0)),
      // An address within our network may stand behind a redirect.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return outcomeOf(response);
  } catch (error) {
    return { kind: "failed", why: (error as Error).name };
  }
}

/** As RFC 8030 says, section 5 and 7.3. */
function outcomeOf({ status, headers }: Response): Outcome {
  const why = `status ${status}`;
  if (status >= 200 && status < 300) return { kind: "sent" };
  if (status === 404 || status === 410) return { kind: "gone", why };
  // 401 and 403 speak of our key, which the operator mends while messages wait.
  if ([401, 403, 408, 429].includes(status) || status >= 500) {
    const after = Number(headers.get("retry-after") ?? "0");
    return { kind: "failed", why, ...(after > 0 && { afterSeconds: Math.min(after, DAY) }) };
  }
  return { kind: "refused", why };
}
