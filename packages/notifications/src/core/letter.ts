import { newsPath, newsWords, type Notification } from "@sooth/markets/core";

/** What a letter keeps of a notification. */
export type Item = { words: string; path: string; at: number; urgent: boolean };
export type Letter = { subject: string; text: string; html: string };

/** More are counted and not listed. */
const MOST_LINES = 40;
const short = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`;

export const itemOf = (news: Notification): Item => ({
  words: inert(newsWords(news, short)),
  path: newsPath(news),
  at: news.at,
  // What a bundle of another waits for, strangers choose.
  urgent: news.kind === "juror" || (news.kind === "turn" && news.who === null),
});

/**
 * Words that strangers chose, as words alone: mail programs make links of whatever looks like one, and `evil.example` in a title
 * would be one in our letter. An invisible joiner keeps it a text; control characters and changes of direction are left out.
 */
export const inert = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
    .replaceAll(/(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu, ".\u2060")
    .replaceAll(/(?<=[:@])(?=\S)/gu, "\u2060");

/** A letter that tells this, oldest first: one notification by itself, many as a digest. */
export function letterOf(items: readonly Item[], o: { origin: string; stop: string }): Letter {
  const [first] = items;
  const subject = items.length === 1 && first ? first.words : `${items.length} notifications`;
  const listed = items.slice(-MOST_LINES);
  const left = items.length - listed.length;
  const more = left > 0 ? `and ${left} before these` : null;
  const settings = `${o.origin}/notifications`;
  const foot = "You get this because you confirmed this address at";
  return {
    subject: cutTo(subject, 150),
    text: [
      ...listed.map(({ words, path }) => `${words}\n${o.origin}${path}\n`),
      ...(more === null ? [] : [`${more}: ${settings}\n`]),
      "--",
      `${foot} ${settings}`,
      `No more of it: ${o.stop}`,
      "",
    ].join("\n"),
    html: page(
      `<ul style="padding:0;list-style:none">${listed
        .map(({ words, path }) => `<li style="margin:0 0 12px">${link(`${o.origin}${path}`, words)}</li>`)
        .join(
          "",
        )}</ul>${more === null ? "" : `<p>${link(settings, more)}</p>`}<p style="color:#666;font-size:13px">${foot} ${link(settings, new URL(o.origin).host)}. ${link(o.stop, "No more of it")}</p>`,
    ),
  };
}

/**
 * The one letter that somebody gets who has not said yes. Nothing in it is chosen by whoever has it sent, but a wallet's digits.
 */
export function confirmation(o: { wallet: string; origin: string; link: string; stop: string }): Letter {
  const { host } = new URL(o.origin);
  const ask = `Somebody who holds the wallet ${short(o.wallet)} wants notifications of ${host} sent to this address.`;
  const yes = "Was it you? Confirm it within a day";
  const no = "Was it not? Then nothing more comes. Never be asked again";
  return {
    subject: `Confirm this address for notifications of ${host}`,
    text: `${ask}\n\n${yes}:\n${o.link}\n\n${no}:\n${o.stop}\n`,
    html: page(`<p>${escape(ask)}</p><p>${link(o.link, yes)}</p><p>${link(o.stop, no)}</p>`),
  };
}

const page = (body: string): string =>
  `<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.5;max-width:36em">${body}</body></html>`;
const link = (href: string, words: string): string => `<a href="${escape(href)}">${escape(words)}</a>`;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");
/** At most so many characters. By code points: half a pair is a text that Postgres does not keep. */
export function cutTo(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}
