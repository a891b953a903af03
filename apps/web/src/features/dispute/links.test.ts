import { expect, test } from "vitest";
import { piecesOf } from "./links.ts";

const links = (text: string) =>
  piecesOf(text).flatMap(({ text: shown, href }) => (href === null ? [] : [[shown, href]]));

test("addresses are links, and the words between them stay as they are", () => {
  const text = "See https://news.test/a?b=1#c, then\n(http://other.test/x_(y)). Not ftp://z.test.";
  expect(links(text)).toEqual([
    ["https://news.test/a?b=1#c", "https://news.test/a?b=1#c"],
    ["http://other.test/x_(y)", "http://other.test/x_(y)"],
  ]);
  expect(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
  expect(piecesOf("")).toEqual([]);
  expect(piecesOf("no address")).toEqual([{ text: "no address", href: null }]);
});

test.each([
  ["a script", "javascript:alert(1) data:text/html,<script>1</script> JAVASCRIPT://https"],
  ["a user before the host", "https://bank.test@evil.test/ https://a:b@evil.test"],
  ["no host", "https:// http:///// https://?"],
  ["a word that only begins so", "xhttps://news.test"],
])("%s is no link", (_, text) => {
  expect(links(text)).toEqual([]);
  expect(piecesOf(text)).toEqual([{ text, href: null }]);
});

test("quotes end an address; what goes on in another alphabet, or turns the reading order, is none", () => {
  expect(links('<a href="https://news.test/1">x</a>')).toEqual([
    ["https://news.test/1", "https://news.test/1"],
  ]);
  // A Cyrillic letter in the host, and a mark that turns the reading order.
  expect(links("https://b\u0430nk.test")).toEqual([]);
  expect(links("https://news.test/\u202egpj.exe")).toEqual([]);
  expect(links("https://news.test\\@evil.test")).toEqual([["https://news.test", "https://news.test/"]]);
});
