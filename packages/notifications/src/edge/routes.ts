import { chainTime } from "@sooth/oracle";
import { addressGroup, type App } from "@sooth/runtime";
import { sessionOf } from "@sooth/sessions";
import { type Executor, one, sql } from "@sooth/store";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { isInvested } from "@sooth/markets";
import type { NewsKind } from "@sooth/markets/core";
import {
  linkToken,
  NotificationError,
  wireChannels,
  wireChoice,
  wireDone,
  wireLink,
  wireMailAddress,
  wireSubscription,
} from "../core/index.ts";
import { type Deps, serverTime } from "./deps.ts";
import { askToConfirm, confirmAddress, forgetAddress, mailOf, unsubscribe } from "./mail/addresses.ts";
import { pusherOf } from "./push/pusher.ts";
import { countBrowsers, isService, needKeys, subscribe, unsubscribeBrowsers } from "./push/subscriptions.ts";

const tags = ["notifications"];
/** Of one address, in a minute. */
const READS = { rateLimit: { max: 120, timeWindow: 60_000 } };
const WRITES = { rateLimit: { max: 30, timeWindow: 60_000 } };
/** Each is a letter to somebody. */
const ASKS = { rateLimit: { max: 5, timeWindow: 60_000 } };

type Session = Awaited<ReturnType<typeof sessionOf>>;
const unshared = (reply: FastifyReply): FastifyReply => reply.header("cache-control", "no-store");

/**
 * Where the wallet that is signed in is told of what happens, besides on the page. Links of letters need no session: they may be
 * opened on another machine, and whoever holds one may do what it says.
 */
export function notificationRoutes(app: App, deps: Deps): void {
  const { config, hub, store } = deps;
  const { db } = store;
  const pusher = pusherOf(config);
  const mailKey =
    config.MAIL_FROM === undefined || config.MAIL_URL === undefined
      ? undefined
      : (config.MAILBOX_KEY ?? config.MAIL_URL);
  const channels = async (session: Session) =>
    channelsOf(db, session, { mail: mailKey !== undefined, pusher });

  app.get(
    "/v1/notifications/channels",
    {
      config: READS,
      schema: {
        operationId: "getChannels",
        tags,
        summary: "Where the wallet that is signed in is told of what happens: mail, browsers",
        response: { 200: wireChannels },
      },
    },
    async (request, reply) => {
      unshared(reply);
      return channels(await sessionOf(deps, request));
    },
  );
  app.put(
    "/v1/notifications/channels",
    {
      config: WRITES,
      schema: {
        operationId: "chooseChannels",
        tags,
        summary:
          "Say which kinds of notifications the wallet that is signed in does not want by mail, and pushed",
        body: wireChoice,
        response: { 200: wireChannels },
      },
    },
    async (request, reply) => {
      unshared(reply);
      const session = await sessionOf(deps, request);
      const [mailOff, pushOff] = [request.body.mailOff, request.body.pushOff].map((off) => [...new Set(off)]);
      await sql`insert into notifications.readers (wallet, mail_off, push_off) values (${session.address}, ${mailOff}, ${pushOff})
        on conflict (wallet) do update set mail_off = excluded.mail_off, push_off = excluded.push_off`.execute(
        db,
      );
      return channels(session);
    },
  );
  app.put(
    "/v1/notifications/mail",
    {
      config: ASKS,
      schema: {
        operationId: "askMail",
        tags,
        summary:
          "Have notifications of the wallet that is signed in sent to an address, once its owner has confirmed it",
        description:
          "A letter with a link goes to the address; nothing else does before somebody follows it. Few such letters are sent to one mailbox, however many wallets ask for them.",
        body: wireMailAddress,
        response: { 200: wireChannels },
      },
    },
    async (request, reply) => {
      unshared(reply);
      const session = await sessionOf(deps, request);
      if (mailKey === undefined) throw NotificationError.no_mail({});
      await askToConfirm(store, {
        wallet: session.address,
        known: await isInvested(db, session.address),
        via: addressGroup(request.ip),
        address: request.body.address,
        origin: session.origin,
        now: serverTime(),
        key: mailKey,
        aDay: config.MAIL_CONFIRMATIONS_PER_DAY,
      });
      return channels(session);
    },
  );
  app.delete(
    "/v1/notifications/mail",
    {
      config: WRITES,
      schema: {
        operationId: "forgetMail",
        tags,
        summary: "Forget the address that notifications of the wallet that is signed in were sent to",
        response: { 200: wireChannels },
      },
    },
    async (request, reply) => {
      unshared(reply);
      const session = await sessionOf(deps, request);
      await forgetAddress(db, session.address);
      return channels(session);
    },
  );
  app.post(
    "/v1/notifications/mail/confirm",
    {
      config: WRITES,
      schema: {
        operationId: "confirmMail",
        tags,
        summary:
          "Confirm an address with the token of the link that was sent to it; good once, and for a day",
        body: wireLink,
        response: { 200: wireDone },
      },
    },
    async (request, reply) => {
      unshared(reply);
      await confirmAddress(db, request.body.token, { now: serverTime(), since: await chainTime(hub) });
      return { done: true as const };
    },
  );
  void app.register(async (scope) => unsubscribeRoutes(scope as App, db));
  app.put(
    "/v1/notifications/push",
    {
      config: WRITES,
      schema: {
        operationId: "subscribePush",
        tags,
        summary:
          "Have notifications of the wallet that is signed in pushed to this browser, until it signs out",
        body: wireSubscription,
        response: { 200: wireChannels },
      },
    },
    async (request, reply) => {
      unshared(reply);
      const session = await sessionOf(deps, request);
      if (!pusher) throw NotificationError.no_push({});
      const { endpoint } = request.body;
      if (!isService(endpoint, config.PUSH_SERVICES))
        throw NotificationError.unknown_push_service({ origin: new URL(endpoint).origin });
      needKeys(request.body);
      await subscribe(store, request.body, {
        publicKey: pusher.publicKey,
        wallet: session.address,
        session,
        since: await chainTime(hub),
        now: serverTime(),
      });
      return channels(session);
    },
  );
  app.delete(
    "/v1/notifications/push",
    {
      config: WRITES,
      schema: {
        operationId: "unsubscribePush",
        tags,
        summary: "Push nothing more to this browser, or to any of the wallet that is signed in",
        querystring: z.object({
          everywhere: z.enum(["true", "false"]).default("false").describe("all browsers of this wallet"),
        }),
        response: { 200: wireChannels },
      },
    },
    async (request, reply) => {
      unshared(reply);
      const session = await sessionOf(deps, request);
      await unsubscribeBrowsers(db, session.address, request.query.everywhere === "true" ? null : session.id);
      return channels(session);
    },
  );
}

const ignored = (_request: unknown, _body: unknown, done: (error: null, body: object) => void): void =>
  done(null, {});

/**
 * In a scope of its own: mail programs post a form (RFC 8058), and pages of other sites may post forms without being asked, so no
 * other route takes one.
 */
function unsubscribeRoutes(app: App, db: Executor): void {
  const parsing = { parseAs: "string", bodyLimit: 4_096 } as const;
  app.addContentTypeParser("application/x-www-form-urlencoded", parsing, ignored);
  app.addContentTypeParser(/^multipart\/form-data/, parsing, ignored);
  const querystring = z.object({ token: linkToken });
  app.post(
    "/v1/notifications/mail/unsubscribe",
    {
      config: WRITES,
      schema: {
        operationId: "unsubscribeMail",
        tags,
        summary: "Send nothing more to the address that this link was sent to, and forget it (RFC 8058)",
        querystring,
        response: { 200: wireDone },
      },
    },
    async (request, reply) => {
      unshared(reply);
      await unsubscribe(db, request.query.token, serverTime());
      return { done: true as const };
    },
  );
  // Programs that scan mail follow links: by opening this one nothing is done, the page asks.
  app.get(
    "/v1/notifications/mail/unsubscribe",
    { config: READS, schema: { hide: true, querystring } },
    async (request, reply) =>
      reply.redirect(`/notifications/stop#${encodeURIComponent(request.query.token)}`, 303),
  );
}

async function channelsOf(
  db: Executor,
  { id, address: wallet }: Session,
  offers: { mail: boolean; pusher: { publicKey: string } | undefined },
) {
  const [choice, mail, browsers] = await Promise.all([
    one<{ mailOff: NewsKind[]; pushOff: NewsKind[] }>(
      db,
      sql`select mail_off as "mailOff", push_off as "pushOff" from notifications.readers where wallet = ${wallet}`,
    ),
    mailOf(db, wallet),
    countBrowsers(db, { wallet, session: id, publicKey: offers.pusher?.publicKey ?? null }),
  ]);
  return {
    mail: offers.mail
      ? {
          address: mail?.address ?? null,
          confirmed: mail?.confirmed ?? false,
          refused: mail?.refused ?? false,
          off: choice?.mailOff ?? [],
        }
      : null,
    push: offers.pusher
      ? { publicKey: offers.pusher.publicKey, ...browsers, off: choice?.pushOff ?? [] }
      : null,
  };
}
