import { expect, test } from "vitest";
import { fillUrl, namesThePast } from "./url-template.ts";

const NOON = 1_750_075_200; // 2025-06-16T12:00:00Z

test.each([
  ["https://a.test/k?since={observeAt}", "https://a.test/k?since=1750075200"],
  [
    "https://a.test/k?from={observeAt-60}&to={observeAt+60}",
    "https://a.test/k?from=1750075140&to=1750075260",
  ],
  ["https://a.test/{observeDate-86400}.json", "https://a.test/2025-06-15.json"],
  ["https://a.test/{observeDate-999999999}", "https://a.test/1993-10-08"],
  ["https://a.test/?t={observeAtMs}", "https://a.test/?t=1750075200000"],
  ["https://a.test/?t={observeAtIso}", "https://a.test/?t=2025-06-16T12:00:00Z"],
  ["http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"],
])("fills %s", (template, url) => {
  expect(fillUrl(template, NOON).href).toBe(url);
});

test.each([
  ["https://a.test/{now}", "{now} is not known"],
  ["https://{observeAt}.test/", "the host holds a placeholder"],
  ["https://a.test/{constructor}", "{constructor} is not known"],
  ["https://a.test/{observeAt-9999999999}", "is not known"],
  ["file:///etc/passwd", "only http and https are read"],
  ["https://user:word@a.test/", "it carries a password"],
  ["not a url", "it is no url"],
])("refuses %s", (template, what) => {
  expect(() => fillUrl(template, NOON)).toThrow(what);
});

test("refuses a moment before 1970", () => {
  expect(() => fillUrl("https://a.test/{observeAt-60}", 59)).toThrow("lies outside the calendar");
});

test.each<[string, boolean]>([
  ["https://a.test/k?since={observeAt}", true],
  ["https://a.test/?t={observeAtMs-60000}", true],
  ["https://a.test/?t={observeAtIso}", true],
  ["https://a.test/{item}?t={observeAt}", true],
  ["https://a.test/{observeDate-86400}.json", true],
  ["https://a.test/now", false],
  ["https://a.test/{item}", false],
  // The day that it falls on is not over.
  ["https://a.test/{observeDate}", false],
  ["https://a.test/?from={observeAt-60}&to={observeAt+60}", false],
])("%s names what is over by noon: %s", (template, is) => {
  expect(namesThePast(template, NOON, NOON)).toBe(is);
});

test("a day is over at midnight, and a minute later than the moment when it is", () => {
  const at = (by: number) => namesThePast("https://a.test/{observeDate}", NOON, by);
  expect([at(NOON + 43_199), at(NOON + 43_200)]).toEqual([false, true]);
  const after = (by: number) => namesThePast("https://a.test/{observeAt+60}", NOON, by);
  expect([after(NOON + 59), after(NOON + 60)]).toEqual([false, true]);
});
