import type { Check, HealthComponent } from "@sooth/runtime";
import { one, sql, type Store } from "@sooth/store";
import { type Deps, serverTime } from "./deps.ts";
import { mailerOf } from "./mail/mailer.ts";

const LATE_SECONDS = 900;
const DAY = 86_400;

type CheckDeps = Pick<Deps, "store" | "config">;

export const notificationsChecks = (deps: CheckDeps): Check[] => [settingsFit(deps), mailIsTaken(deps)];

const settingsFit = ({ config }: CheckDeps): Check => ({
  id: "notifications.settings_fit",
  why: "half a setting offers nothing, and nobody is told why",
  run: async () => {
    const halves = [
      config.MAIL_URL !== undefined &&
        config.MAIL_FROM === undefined &&
        "MAIL_URL is set, and MAIL_FROM is not",
      config.MAIL_URL !== undefined &&
        config.MAILBOX_KEY === undefined &&
        "MAIL_URL is set, and MAILBOX_KEY is not: who wants no letter is forgotten with the next password",
      config.PUSH_KEY !== undefined &&
        config.PUSH_CONTACT === undefined &&
        "PUSH_KEY is set, and PUSH_CONTACT is not",
    ].filter((each) => each !== false);
    return halves.length === 0 ? { ok: true } : { ok: false, found: halves.join("; ") };
  },
});

const mailIsTaken = ({ config }: CheckDeps): Check => ({
  id: "notifications.mail_is_taken",
  why: "people were told that they would be told",
  run: async () => {
    const mailer = mailerOf(config);
    if (!mailer) return { ok: true, found: "no mail is sent here" };
    try {
      await mailer.verify();
      return { ok: true };
    } catch (error) {
      const { code, responseCode } = error as { code?: string; responseCode?: number };
      return { ok: false, found: `the mail server: ${[code, responseCode].filter(Boolean).join(" ")}` };
    } finally {
      mailer.close();
    }
  },
});

/** What /health tells: whether letters leave. Nothing that moves money waits for them. */
export const lettersHealth = ({ store }: { store: Pick<Store, "db"> }): HealthComponent => ({
  name: "letters",
  critical: false,
  check: async () => {
    const now = serverTime();
    const found = await one<{ waiting: number; late: number; dead: number }>(
      store.db,
      sql`select count(*) filter (where state = 'waiting') as waiting,
          count(*) filter (where state = 'waiting' and created_at < ${now - LATE_SECONDS}) as late,
          count(*) filter (where state = 'dead' and created_at > ${now - DAY}) as dead
        from notifications.letters`,
    );
    const { waiting = 0, late = 0, dead = 0 } = found ?? {};
    return late === 0
      ? { ok: true, detail: { waiting, dead } }
      : { ok: false, found: `${late} letters have waited for more than ${LATE_SECONDS} s` };
  },
});
