import type { Address } from "@sooth/kernel";
import { chainTime } from "@sooth/oracle";
import { wireAddress, wireSeconds } from "@sooth/oracle/core";
import { type App, originOf } from "@sooth/runtime";
import { type SessionsConfig, signedIn, whoReads } from "@sooth/sessions";
import { SessionError } from "@sooth/sessions/core";
import { z } from "zod";
import {
  NEWS_KINDS,
  newsKind,
  newsPath,
  newsWords,
  notificationPage,
  wireReadMark,
} from "../../core/index.ts";
import { PERSONAL } from "../comments/routes.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import type { Deps } from "../deps.ts";
import { ATOM, ENTRIES, entry, feedOf } from "../share/atom.ts";
import { moveMark, readMark, switchOff } from "./marks.ts";
import { newsOf } from "./news-rows.ts";

const tags = ["notifications"];
/** More unread ones are not counted. */
const MOST_COUNTED = 100;
/** Each address makes a dozen lookups, so strangers' addresses by the thousand would be felt. */
const RATE = { rateLimit: { max: 300, timeWindow: 60_000 } };
const place = z.tuple([z.number().int().safe(), z.string().max(200)]);
const query = z.object({
  wallet: wireAddress.optional().describe("whose; the wallet's that is signed in, when not given"),
  cursor: z.string().min(1).max(600).optional().describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

type NewsDeps = Omit<Deps, "config"> & { config: Deps["config"] & Partial<SessionsConfig> };

/**
 * What a wallet is told of. It follows from what is public, so anybody may read it, but what is told of private bundles; that, what
 * the wallet has read, and what it does not want to hear, only the wallet itself is told, and says.
 */
export function newsRoutes(app: App, deps: NewsDeps): void {
  const { db } = deps.store;
  const { collateral } = deps.addresses;

  app.get(
    "/v1/notifications",
    {
      config: RATE,
      schema: {
        operationId: "listNotifications",
        tags,
        summary: "What a wallet is told of, the latest first",
        querystring: query,
        response: { 200: notificationPage },
      },
    },
    async (request, reply) => {
      const { cursor, limit } = request.query;
      const reader = (await whoReads(deps, request))?.address;
      const wallet = (request.query.wallet?.toLowerCase() as Address | undefined) ?? reader;
      if (wallet === undefined) throw SessionError.not_signed_in({});
      const now = await chainTime(deps.hub);
      const isOwn = wallet === reader;
      const mark = isOwn ? await readMark(db, wallet) : null;
      const kinds = NEWS_KINDS.filter((kind) => !mark?.off.includes(kind));
      const [at, id] = cursor === undefined ? [] : decodeCursor(place, cursor);
      const before = at === undefined || id === undefined ? undefined : { at, id };
      const filter = { reader: isOwn ? "wallet" : "anybody", kinds } as const;
      const [found, unread] = await Promise.all([
        newsOf(db, wallet, { ...filter, before, limit: limit + 1, collateral }, now),
        mark && newsOf(db, wallet, { ...filter, since: mark.until, limit: MOST_COUNTED }, now),
      ]);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      reply.headers(PERSONAL);
      return {
        items,
        next: found.length > limit && last ? encodeCursor([last.at, last.id]) : null,
        unread: unread && unread.length,
        until: mark && mark.until,
        off: mark && mark.off,
      };
    },
  );
  app.put(
    "/v1/notifications/read",
    {
      config: RATE,
      schema: {
        operationId: "markRead",
        tags,
        summary: "Say up to when the wallet that is signed in has read its notifications",
        body: z.object({ until: wireSeconds }),
        response: { 200: wireReadMark },
      },
    },
    async (request, reply) => {
      const wallet = await signedIn(deps, request);
      // Nobody has read what is still to come.
      await moveMark(db, wallet, Math.min(request.body.until, await chainTime(deps.hub)));
      return reply.headers(PERSONAL).send(await readMark(db, wallet));
    },
  );
  app.put(
    "/v1/notifications/kinds",
    {
      config: RATE,
      schema: {
        operationId: "switchNotifications",
        tags,
        summary: "Say which kinds of notifications the wallet that is signed in does not want",
        body: z.object({ off: z.array(newsKind).max(NEWS_KINDS.length) }),
        response: { 200: wireReadMark },
      },
    },
    async (request, reply) => {
      const wallet = await signedIn(deps, request);
      await switchOff(db, wallet, request.body.off);
      return reply.headers(PERSONAL).send(await readMark(db, wallet));
    },
  );
  app.get(
    "/v1/wallets/:address/notifications.atom",
    {
      config: RATE,
      schema: {
        operationId: "getNotificationsAtom",
        tags: ["news"],
        summary: "What a wallet is told of, as an Atom feed",
        params: z.object({ address: wireAddress }),
      },
    },
    async (request, reply) => {
      const wallet = request.params.address.toLowerCase() as Address;
      // Programs that read feeds sign in nowhere, and caches hand one answer to all: so it has what anybody may read.
      const filter = { reader: "anybody", kinds: NEWS_KINDS, limit: ENTRIES, collateral } as const;
      const news = await newsOf(db, wallet, filter, await chainTime(deps.hub));
      const origin = originOf(request) ?? "";
      const entries = news.map((each) =>
        entry({
          id: `urn:sooth:news:${wallet}:${each.id}`,
          title: newsWords(each, (address) => `${address.slice(0, 6)}…${address.slice(-4)}`),
          link: `${origin}${newsPath(each)}`,
          at: each.at,
        }),
      );
      const title = `Notifications of ${wallet}`;
      const text = feedOf(`urn:sooth:news:${wallet}`, title, `${origin}/notifications`, entries);
      return reply
        .headers(ATOM)
        .serializer((xml) => xml as string)
        .send(text);
    },
  );
}
