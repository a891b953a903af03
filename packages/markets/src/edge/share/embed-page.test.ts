import { expect, test } from "vitest";
import { embedPage } from "./embed-page.ts";

const card = {
  title: `Will "it" <script>alert(1)</script> & rain?`,
  status: "Open for stakes",
  figure: { large: "75 %", small: "of the stakes say <b>No</b>" },
  parts: [{ label: `N"o'`, shareBps: 7_500, color: "#b5532f" }],
  foot: "3 people",
};

test("holds what strangers wrote as text, and no script", () => {
  const page = embedPage(card, "/markets/0x1");
  expect(page).not.toMatch(/<script|<b>No/);
  expect(page).toContain(
    '<h1 dir="auto">Will &quot;it&quot; &lt;script&gt;alert(1)&lt;/script&gt; &amp; rain?</h1>',
  );
  expect(page).toContain("N&quot;o&#39; 75 %");
  expect(page).toContain(`<a href="/markets/0x1" target="_blank" rel="noopener">`);
});

test("says nothing where there is nothing to say", () => {
  expect(embedPage({ ...card, figure: null, parts: [] }, "/")).not.toContain("<p>");
});
