type Subscription = Pick<PushSubscription, "toJSON">;
type Renewing = {
  /** What the browser put in the place of the old one; most leave that to the page. */
  given: Subscription | null;
  subscribe(applicationServerKey: string): Promise<Subscription>;
  ask(url: string, init?: RequestInit): Promise<Response>;
};
type Channels = { push: { publicKey: string; here: boolean } | null };

/**
 * A push service may end a subscription, or a browser take another one: unless the server hears of it, nothing arrives any more. Whether
 * it was renewed; it is not for a browser that was switched off here, or where nobody is signed in.
 */
export async function renewPush({ given, subscribe, ask }: Renewing): Promise<boolean> {
  const answer = await ask("/v1/notifications/channels");
  if (!answer.ok) return false;
  const { push } = (await answer.json()) as Channels;
  if (!push?.here) return false;
  const { endpoint, keys } = (given ?? (await subscribe(push.publicKey))).toJSON();
  const told = await ask("/v1/notifications/push", {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ endpoint, keys: { p256dh: keys?.["p256dh"], auth: keys?.["auth"] } }),
  });
  return told.ok;
}
