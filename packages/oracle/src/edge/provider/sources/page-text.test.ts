import { expect, test } from "vitest";
import { pageText } from "./page-text.ts";

const page = (body: string): string =>
  `<!doctype html><html><head><title>Report</title></head><body>${body}</body></html>`;

test.each([
  [
    "tags inside a sentence",
    "<p>The close was <b>2,315.50</b> <i>USD</i>.</p>",
    "The close was 2,315.50 USD.",
  ],
  ["white space", "<p>one\n   two\t three</p>", "one two three"],
  ["entities", "<p>5 &lt; 6 &amp; 7&nbsp;&euro;</p>", "5 < 6 & 7 \u20ac"],
  ["cells and lines", "<table><tr><td>a</td><td>b</td></tr></table>c<br>d", "a\nb\nc\nd"],
  ["scripts, styles and comments", "a<script>say('b')</script><style>c{}</style><!-- d -->e", "ae"],
  [
    "what its own attributes hide",
    '<p hidden>x</p><p style="DISPLAY : none">y</p><span aria-hidden="true">z</span>w',
    "w",
  ],
  ["a hidden element with others in it", '<div style="display:none"><p>x<br>y</p><b>z</b></div>w', "w"],
  ["an element that is never closed", "<div hidden><p>x", ""],
  ["a closing tag too many", "a</div></b></div>c", "ac"],
  ["text that is small but not hidden", '<p style="font-size:0.9em">x</p>', "x"],
])("%s", (_, body, text) => {
  expect(pageText(page(body))).toBe(`Report${text === "" ? "" : `\n${text}`}`);
});

test.each(['{"close": 1,\n  "unit": "<b>USD</b>"}', "plain <html> text", ""])(
  "%s is no page and stays as it is",
  (body) => {
    expect(pageText(body)).toBe(body);
  },
);

test("a page may begin with comments and a declaration", () => {
  expect(pageText(`<?xml version="1.0"?>\n${"<!-- a -->".repeat(100)}<HTML lang="en"><p>x</p></HTML>`)).toBe(
    "x",
  );
});

test("a megabyte of nesting is given up, not worked through", () => {
  const deep = page(`before${"<div>".repeat(200_000)}behind`);
  expect(pageText(deep)).toBe("Report\nbefore");
  expect(pageText(page(`${"<div>".repeat(500)}deep`))).toBe("Report\ndeep");
});
