import { escapeHtml } from "@sooth/runtime";
import type { Card } from "../../core/index.ts";

const STYLE = `
:root{color-scheme:light dark;font:16px/1.4 system-ui,sans-serif}
body{margin:0;color:light-dark(#10201d,#e8efec);background:light-dark(#fff,#151e1c)}
a{display:grid;gap:.75rem;min-height:100vh;box-sizing:border-box;padding:1rem 1.25rem;color:inherit;text-decoration:none}
a:focus-visible{outline:3px solid light-dark(#0c5a4e,#63cdb3);outline-offset:-3px}
header,footer{display:flex;justify-content:space-between;gap:1rem;font-size:.8125rem;color:light-dark(#415350,#b0bfba)}
h1{margin:0;font:500 1.375rem/1.2 Georgia,serif;overflow-wrap:anywhere}
p{margin:0}p b{font-size:1.75rem;color:light-dark(#0c5a4e,#63cdb3)}
ul{display:flex;height:.5rem;margin:0;padding:0;list-style:none;background:light-dark(#d3dcd9,#273431)}
footer{align-self:end}
.h{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}`;

/** A card as a page without any script, to be framed by other sites. `link`: of the market, on this server. */
export function embedPage({ title, status, figure, parts, foot }: Card, link: string): string {
  const bars = parts
    .map(
      ({ label, shareBps, color }) =>
        `<li style="flex-basis:${shareBps / 100}%;background:${color}"><span class="h">${escapeHtml(label)} ${shareBps / 100} %</span></li>`,
    )
    .join("");
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width,initial-scale=1">`,
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>`,
    `<a href="${escapeHtml(link)}" target="_blank" rel="noopener"><header><b>Sooth</b><span>${escapeHtml(status)}</span></header>`,
    `<h1 dir="auto">${escapeHtml(title)}</h1>`,
    figure ? `<p><b>${escapeHtml(figure.large)}</b> ${escapeHtml(figure.small)}</p>` : "",
    `<ul aria-label="Shares">${bars}</ul>`,
    `<footer><span>${escapeHtml(foot)}</span><span>Take part</span></footer></a></body></html>`,
  ].join("");
}
