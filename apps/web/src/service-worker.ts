/**
 * Runs beside the pages: they open without a network, with what was last read. It never answers from what it keeps
 * while the server can be asked, so nobody signs by an old figure; that the server is away, the page says itself.
 */
import { clientsClaim } from "workbox-core";
import { ExpirationPlugin } from "workbox-expiration";
import {
  cleanupOutdatedCaches,
  matchPrecache,
  precacheAndRoute,
  type PrecacheEntry,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { CacheFirst, NetworkFirst } from "workbox-strategies";
import { renewPush } from "./renew-push.ts";

/** The files of this build; the build puts the list here. */
declare const __SHELL__: PrecacheEntry[];

const WEEK_SECONDS = 7 * 86_400;
/** Answers that belong to one person, or end never. */
const NEVER_KEPT = /^\/v1\/(?:session|notifications|events)\b|\/comments\b/;

precacheAndRoute(__SHELL__);
cleanupOutdatedCaches();
clientsClaim();

registerRoute(
  ({ url, sameOrigin, request }) =>
    sameOrigin &&
    url.pathname.startsWith("/v1/") &&
    !NEVER_KEPT.test(url.pathname) &&
    !request.headers.has("authorization"),
  new NetworkFirst({
    cacheName: "sooth-read",
    plugins: [
      new ExpirationPlugin({ maxEntries: 400, maxAgeSeconds: WEEK_SECONDS, purgeOnQuotaError: true }),
    ],
  }),
);

// Names of these carry a hash of what is in them.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith("/assets/"),
  new CacheFirst({
    cacheName: "sooth-assets",
    plugins: [new ExpirationPlugin({ maxEntries: 60, maxAgeSeconds: WEEK_SECONDS, purgeOnQuotaError: true })],
  }),
);

/** The parts of a worker's world that are used here; the types of pages know none of them. */
declare const self: {
  addEventListener(type: "push", on: (event: PushArrived) => void): void;
  addEventListener(type: "notificationclick", on: (event: Clicked) => void): void;
  addEventListener(type: "pushsubscriptionchange", on: (event: Resubscribed) => void): void;
  registration: ServiceWorkerRegistration;
  clients: { openWindow(url: string): Promise<unknown> };
  location: Location;
};
type Lasting = { waitUntil(work: Promise<unknown>): void };
type PushArrived = Lasting & { data: { json(): unknown } | null };
type Clicked = Lasting & { notification: Notification };
type Resubscribed = Lasting & { newSubscription?: PushSubscription | null };
type Told = { words: string; path: string; tag: string };

// Browsers end a subscription that shows nothing, so what cannot be read is told of as well.
const UNREADABLE: readonly Told[] = [
  { words: "You have new notifications", path: "/notifications", tag: "many" },
];

function toldBy(data: PushArrived["data"]): readonly Told[] {
  if (data === null) return UNREADABLE;
  try {
    const { texts } = data.json() as { texts: readonly Told[] };
    return texts.length > 0 ? texts : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

self.addEventListener("push", (event) => {
  const shown = toldBy(event.data).map(({ words, path, tag }) =>
    self.registration.showNotification("Sooth", { body: words, tag, icon: "/icon-192.png", data: path }),
  );
  event.waitUntil(Promise.all(shown));
});
self.addEventListener("pushsubscriptionchange", (event) => {
  const renewed = renewPush({
    given: event.newSubscription ?? null,
    subscribe: (applicationServerKey) =>
      self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }),
    ask: (url, init) => fetch(url, init),
  });
  event.waitUntil(renewed);
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { href, origin } = new URL(String(event.notification.data), self.location.origin);
  event.waitUntil(self.clients.openWindow(origin === self.location.origin ? href : "/notifications"));
});

registerRoute(
  new NavigationRoute(
    async ({ request }) => {
      try {
        return await fetch(request);
      } catch (error) {
        const shell = await matchPrecache("/index.html");
        if (!shell) throw error;
        return shell;
      }
    },
    { denylist: [/^\/v\d+\//, /^\/docs\b/, /^\/embed\//] },
  ),
);
