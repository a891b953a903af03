import { ApiError } from "../../api.ts";

export const canPush = (): boolean => "serviceWorker" in navigator && "PushManager" in window;

/** What a server needs to push to this browser; asks its person, where nobody has. @throws web.push_denied, web.no_push */
export async function pushHere(
  publicKey: string,
): Promise<{ endpoint: string; keys: { p256dh: string; auth: string } }> {
  if ((await Notification.requestPermission()) !== "granted")
    throw new ApiError({
      code: "web.push_denied",
      message:
        "this browser does not let this page notify you: allow it in the browser's settings for the page",
      status: 0,
    });
  const worker = await navigator.serviceWorker.getRegistration();
  if (!worker)
    throw new ApiError({
      code: "web.no_push",
      message: "this browser has not kept the page yet: reload it, and try again",
      status: 0,
    });
  const applicationServerKey = bytesOf(publicKey);
  // One for another key, of before the server's changed, would be told nothing.
  await (await worker.pushManager.getSubscription())?.unsubscribe();
  const { endpoint, keys } = (
    await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
  ).toJSON();
  return { endpoint: endpoint ?? "", keys: { p256dh: keys?.["p256dh"] ?? "", auth: keys?.["auth"] ?? "" } };
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}
