import type { BlockRef } from "@sooth/chain";
import type { MigrationSet } from "@sooth/store";
import { notificationsChecks } from "./checks.ts";
import { notificationsConfig, type NotificationsConfig } from "./config.ts";
import { type Carriers, deliverLetters, forgetOld } from "./deliver.ts";
import type { Deps } from "./deps.ts";
import { mailerOf } from "./mail/mailer.ts";
import { pusherOf } from "./push/pusher.ts";
import { notificationRoutes } from "./routes.ts";
import { tellReaders } from "./tell.ts";

const migrations: MigrationSet = {
  slice: "notifications",
  folder: new URL("../../migrations/", import.meta.url),
};

/** Within the time that a job has; what is left is handed over after the next block. */
const DELIVER_MILLISECONDS = 60_000;

const carriersOf = (config: NotificationsConfig): Carriers => ({
  mailer: mailerOf(config),
  pusher: pusherOf(config),
});

/** Notifications outside of the page, as a part of the server: mail and Web Push. */
export const notifications = {
  name: "notifications",
  config: notificationsConfig,
  migrations,
  logHandlers: () => [],
  routes: notificationRoutes,
  /** A job of its own, so a mail server that stalls holds nothing else up. */
  async sweep(deps: Deps, head: BlockRef): Promise<void> {
    const carriers = carriersOf(deps.config);
    try {
      await tellReaders(deps, head.timestamp, {
        mail: carriers.mailer !== undefined,
        push: carriers.pusher?.publicKey ?? null,
      });
      await deliverLetters(deps, carriers, AbortSignal.timeout(DELIVER_MILLISECONDS));
    } finally {
      carriers.mailer?.close();
    }
  },
  monitor: (deps: Pick<Deps, "store">): Promise<void> => forgetOld(deps),
  checks: notificationsChecks,
};
