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
