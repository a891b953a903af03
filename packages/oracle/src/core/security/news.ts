import type { Hex, UnixSeconds } from "@sooth/kernel";
import { type EventSeverity, type EventState, eventId, type SecurityEvent } from "./event.ts";

/** What is known of an earlier event of the same rule about the same subject. */
export type KnownEvent = { id: Hex; severity: EventSeverity; state: EventState; at: UnixSeconds };

/** For how long what was closed is not told again, unless it became worse. */
const QUIET_SECONDS = 86_400;

/**
 * Whether people hear of an event. Figures move while a thing lasts, so an id alone would open a record with every run: as
 * long as somebody has the same thing before him, or closed it within a day, only a greater severity is news.
 */
export function isNews(event: SecurityEvent, known: readonly KnownEvent[]): boolean {
  const id = eventId(event);
  return !known.some(
    (before) =>
      before.id === id ||
      (before.severity >= event.severity &&
        (before.state !== "closed" || event.at < before.at + QUIET_SECONDS)),
  );
}
