import { expect, test } from "vitest";
import { fillUrl } from "./url-template.ts";

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
