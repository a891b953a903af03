import { expect, test } from "vitest";
import { embedListPage, embedPage } from "./embed-page.ts";

const card = {
  title: `Will "it" <script>alert(1)</script> & rain?`,
  status: "Open for stakes",
  figure: { large: "75 %", small: "of the stakes say <b>No</b>" },
  note: "right <i>84 %</i>",
  parts: [{ label: `N"o'`, shareBps: 7_500, color: "#b5532f" }],
  foot: "3 people",
};

test("holds what strangers wrote as text, and no script", () => {
  const page = embedPage(card, "/markets/0x1");
  expect(page).not.toMatch(/<script|<b>No/);
  expect(page).toContain(
    '<h1 dir="auto">Will &quot;it&quot; &lt;script&gt;alert(1)&lt;/script&gt; &amp; rain?</h1>',
  );
  expect(page).toContain('<p class="n">right &lt;i&gt;84 %&lt;/i&gt;</p>');
  expect(page).toContain("N&quot;o&#39; 75 %");
  expect(page).toContain(`<a href="/markets/0x1" target="_blank" rel="noopener">`);
});

test("several stand below each other or side by side, each a link of its own", () => {
  const shown = [
    { card, link: "/markets/0x1" },
    { card: { ...card, title: "Will it <snow>?" }, link: "/markets/0x2" },
  ];
  const list = embedListPage("Markets on Sooth", shown, "list", "/");
  expect(list).not.toMatch(/<script|<b>No|<snow/);
  expect([...list.matchAll(/<a href="([^"]+)"/g)].map(([, link]) => link)).toEqual([
    "/markets/0x1",
    "/markets/0x2",
  ]);
  expect(list).toContain('<h2 dir="auto">Will it &lt;snow&gt;?</h2>');
  expect(list).toContain('<ul class="l">');
  expect(embedListPage("Markets on Sooth", shown, "grid", "/")).toContain('<ul class="l g">');
  expect(embedListPage("Markets on Sooth", [], "list", "/")).toContain("Nothing fits this here");
});

test("says nothing where there is nothing to say", () => {
  expect(embedPage({ ...card, figure: null, note: null, parts: [] }, "/")).not.toContain("<p>");
});
