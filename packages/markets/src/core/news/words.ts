import { never } from "@sooth/kernel";
import type { z } from "zod";
import type { wireNotification } from "./wire.ts";

export type Notification = z.infer<typeof wireNotification>;

/** A notification as one sentence, without a full stop. `nameOf` names who replied. */
export function newsWords(news: Notification, nameOf: (address: string) => string): string {
  const title = `“${news.title}”`;
  const result = news.label === null ? "" : `: ${news.label}`;
  switch (news.kind) {
    case "closed":
      return `${title} is closed for stakes`;
    case "answered":
      return `${title} is answered${result}`;
    case "disputed":
      return `Somebody objects to the answer of ${title}`;
    case "reopened":
      return `${title} is asked again, its answer did not stand`;
    case "settled":
      return news.opinion
        ? `${title} is scored${result === "" ? "" : `${result} of 100`}`
        : `${title} is settled${result}`;
    case "void":
      return `${title} is void, every stake goes back`;
    case "paid":
      return `You were paid from ${title}`;
    case "reply":
      return `${nameOf(news.who ?? "")} replied to you below ${title}`;
    case "question":
      switch (news.event) {
        case "disputed":
          return `Somebody objects to the answer of your question ${title}`;
        case "reopened":
          return `Your question ${title} is asked again, its answer did not stand`;
        default:
          return `Your question ${title} is answered${result}`;
      }
    case "juror":
      return `You are drawn as a juror: your vote on ${title} is due`;
    default:
      return never(news.kind);
  }
}

/** The page that a notification is about, and the place on it. */
export function newsPath({ market, opinion, question, jury, comment }: Notification): string {
  if (jury !== null) return `/juries/${jury}`;
  const page = market === null ? `/questions/${question}` : `/${opinion ? "opinions" : "markets"}/${market}`;
  return comment === null ? page : `${page}#comment-${comment}`;
}
