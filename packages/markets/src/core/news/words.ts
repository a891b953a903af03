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
    case "bundle":
      return `${bundleName(news, nameOf)} ${ended(news.event)}`;
    case "turn":
      return turnWords(news, nameOf);
    default:
      return never(news.kind);
  }
}

type Bundled = Pick<Notification, "who" | "title" | "event">;

const bundleName = ({ who, title }: Bundled, nameOf: (address: string) => string): string =>
  who === null ? `Your bundle ${title}` : `${nameOf(who)}’s bundle ${title}`;

function ended(event: Notification["event"]): string {
  switch (event) {
    case "completed":
      return "is done";
    case "refunded":
      return "was called off, and what was held went back";
    case "compensated":
      return "was called off, and whatever had run was undone";
    case "half_done":
      return "was called off half done: nothing undoes all that ran";
    default:
      return "was called off";
  }
}

function turnWords(news: Bundled, nameOf: (address: string) => string): string {
  const name = bundleName(news, nameOf);
  switch (news.event) {
    case "pay":
      return news.who === null
        ? `${name} waits for what you pay in`
        : `${nameOf(news.who)} asks you to pay into the bundle ${news.title}`;
    case "give_back":
      return `${name} still holds what you paid in: have it given back`;
    case "pay_out":
      return `${name} is decided and still holds what is due: have it paid out`;
    case "undo":
      return `${name} was called off, and an undo is owed: it can be tried again`;
    default:
      return `${name} is past its deadline and still open: call it off`;
  }
}

/** The page that a notification is about, and the place on it. */
export function newsPath({ market, opinion, question, jury, comment, bundle }: Notification): string {
  if (bundle !== null) return `/bundles/${bundle}`;
  if (jury !== null) return `/juries/${jury}`;
  const page = market === null ? `/questions/${question}` : `/${opinion ? "opinions" : "markets"}/${market}`;
  return comment === null ? page : `${page}#comment-${comment}`;
}
