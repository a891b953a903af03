import { escapeHtml } from "@sooth/runtime";
import type { Card } from "../../core/index.ts";

const STYLE = `
:root{color-scheme:light dark;font:16px/1.4 system-ui,sans-serif}
body{margin:0;color:light-dark(#10201d,#e8efec);background:light-dark(#fff,#151e1c)}
a{display:grid;gap:.75rem;box-sizing:border-box;padding:1rem 1.25rem;color:inherit;text-decoration:none}
main>a{min-height:100vh}
a:focus-visible{outline:3px solid light-dark(#0c5a4e,#63cdb3);outline-offset:-3px}
header,footer{display:flex;justify-content:space-between;gap:1rem;font-size:.8125rem;color:light-dark(#415350,#b0bfba)}
h1,h2{margin:0;font:500 1.375rem/1.2 Georgia,serif;overflow-wrap:anywhere}
p{margin:0}.n{font-size:.8125rem;color:light-dark(#415350,#b0bfba)}
p b{font-size:1.75rem;color:light-dark(#0c5a4e,#63cdb3)}
ul{margin:0;padding:0;list-style:none}
.b{display:flex;height:.5rem;background:light-dark(#d3dcd9,#273431)}
footer{align-self:end}
.l{display:grid}.l>li{display:grid;border-top:1px solid light-dark(#d3dcd9,#273431)}.l>li:first-child{border-top:0}
.l h2{font-size:1.125rem}.l p b{font-size:1.25rem}
.g{grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:.75rem;padding:.75rem}
.g>li,.g>li:first-child{border:1px solid light-dark(#d3dcd9,#273431);border-radius:.5rem}
.e{padding:1rem 1.25rem}
.h{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}`;

/** A card, and the market that it leads to, on this server. */
export type Linked = { card: Card; link: string };
export type Layout = "list" | "grid";

/** A card as a page without any script, to be framed by other sites. */
export const embedPage = (card: Card, link: string): string =>
  page(card.title, cardLink({ card, link }, "h1"));

/** Several cards as such a page, below each other or side by side. `all`: where there are more, on this server. */
export function embedListPage(title: string, shown: readonly Linked[], layout: Layout, all: string): string {
  const rows = shown.map((one) => `<li>${cardLink(one, "h2")}</li>`).join("");
  const none = `<p class="e">Nothing fits this here. <a href="${escapeHtml(all)}" target="_blank" rel="noopener">All of them</a></p>`;
  return page(
    title,
    `<h1 class="h">${escapeHtml(title)}</h1>${rows === "" ? none : `<ul class="l${layout === "grid" ? " g" : ""}">${rows}</ul>`}`,
  );
}

const page = (title: string, body: string): string =>
  [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width,initial-scale=1">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`,
  ].join("");

function cardLink({ card, link }: Linked, heading: "h1" | "h2"): string {
  const { title, status, figure, note, parts, foot } = card;
  const bars = parts
    .map(
      ({ label, shareBps, color }) =>
        `<li style="flex-basis:${shareBps / 100}%;background:${color}"><span class="h">${escapeHtml(label)} ${shareBps / 100} %</span></li>`,
    )
    .join("");
  return [
    `<a href="${escapeHtml(link)}" target="_blank" rel="noopener"><header><b>Sooth</b><span>${escapeHtml(status)}</span></header>`,
    `<${heading} dir="auto">${escapeHtml(title)}</${heading}>`,
    figure ? `<p><b>${escapeHtml(figure.large)}</b> ${escapeHtml(figure.small)}</p>` : "",
    note ? `<p class="n">${escapeHtml(note)}</p>` : "",
    `<ul class="b" aria-label="Shares">${bars}</ul>`,
    `<footer><span>${escapeHtml(foot)}</span><span>Take part</span></footer></a>`,
  ].join("");
}
