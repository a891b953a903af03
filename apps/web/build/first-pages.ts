import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Plugin, Rolldown } from "vite";
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from "../src/components/button-look.ts";
import { FIRST_PAGES, type FirstPage, FRAME, HEAD, LIST } from "../src/first-pages.ts";
import { inAllLanguages, type SaidIn } from "./said-in.ts";
import { withPage } from "./words.ts";

const ROOT = '<div id="root"></div>';
/** Where the server puts what it alone knows: the title of the question, and the id in the path; or those of a row. */
const [TITLE, ID] = ["{{title}}", "{{id}}"];
/** Around what is of use only where the path has no query, which the first answers would not be of. */
const [READS, END_OF_READS] = ["<!--reads-->", "<!--/reads-->"];

/**
 * Writes `first/<path>.html` for each page of the table: index.html with the page's frame and head in its body, its own scripts
 * beside those of all pages, and what it reads first. So the largest text is painted before any script runs, and script and
 * data come at once, not one after the other. The server takes them in the place of index.html.
 */
export function firstPages(): Plugin {
  return {
    name: "sooth:first-pages",
    apply: "build",
    writeBundle: {
      order: "post",
      async handler({ dir }, bundle) {
        const said = await inAllLanguages();
        const index = bundle["index.html"];
        if (index?.type !== "asset") this.error("index.html was not built");
        const html = String(index.source);
        if (!html.includes(ROOT)) this.error(`index.html has no ${ROOT}`);
        for (const page of FIRST_PAGES) {
          const file = path.join(dir ?? "", "first", `${page.path === "/" ? "index" : page.path}.html`);
          mkdirSync(path.dirname(file), { recursive: true });
          const head = scriptsOf(page, bundle, html) + readsOf(page);
          // Functions: what stands in the place of a `$` would else be read.
          writeFileSync(
            file,
            withPage(html, page.file)
              .replace("</head>", () => `${head}</head>`)
              .replace(ROOT, () => `<div id="root">${frameOf(page, said)}</div>`),
          );
        }
      },
    },
  };
}

/** The page's own scripts, which index.html does not name. */
function scriptsOf({ file }: FirstPage, bundle: Rolldown.OutputBundle, index: string): string {
  const own = Object.values(bundle).find(
    (chunk) => chunk.type === "chunk" && chunk.facadeModuleId?.endsWith(`/src/pages/${file}.tsx`),
  );
  const found = new Set<string>();
  const follow = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || found.has(name) || index.includes(name)) return;
    found.add(name);
    for (const imported of chunk.imports) follow(imported);
  };
  if (own) follow(own.fileName);
  return [...found].map((name) => `<link rel="modulepreload" crossorigin href="/${name}">`).join("");
}

function readsOf({ reads }: FirstPage): string {
  if (reads.length === 0) return "";
  const links = reads.map((read) => {
    const href = read.replace(/\/_$/, `/${ID}`).replaceAll("&", "&amp;");
    return `<link rel="preload" as="fetch" crossorigin href="${href}">`;
  });
  return READS + links.join("") + END_OF_READS;
}

const bars = ["w-full", "w-11/12", "w-3/4", "w-full", "w-11/12"]
  .map((width) => `<div class="skeleton h-5 ${width}"></div>`)
  .join("");

/** Around what the server repeats for each row, with what is shown where there is none, or none in time. */
const ROWS = {
  begin: "<!--rows-->",
  row: "<!--row-->",
  end: "<!--/row-->",
  or: "<!--or-->",
  done: "<!--/rows-->",
};

function bodyOf({ list }: FirstPage): string {
  const skeleton = `<div class="grid gap-3">${bars}</div>`;
  if (!list) return skeleton;
  const field = '<div class="field"></div>';
  const row = [
    `<li class="${LIST.row}"><div class="${LIST.words}">`,
    `<a href="${list.below}${ID}" class="${LIST.name}" dir="auto">${TITLE}</a>`,
    `<div class="${LIST.state}"><span class="skeleton h-5 w-3/5"></span></div></div>`,
    // As high as what is staked and by how many, in two lines.
    '<div class="skeleton h-10 self-center"></div><div class="h-11 w-16 sm:w-auto"></div></li>',
  ].join("");
  return [
    `<div class="${list.filters} grid gap-2 md:grid-cols-[minmax(0,1fr)_27rem]" aria-hidden="true">${field}${field}</div>`,
    `${ROWS.begin}<ul class="${LIST.list}">${ROWS.row}${row}${ROWS.end}</ul>${ROWS.or}${skeleton}${ROWS.done}`,
  ].join("");
}

function frameOf(page: FirstPage, said: SaidIn): string {
  return [
    `<header class="${FRAME.header}"><div class="${FRAME.width} ${FRAME.bar}">`,
    `<a href="/" class="${FRAME.brand}"><img src="/mark.svg" alt="" class="${FRAME.mark}">`,
    `<span class="${FRAME.name}">Sooth</span></a><div class="order-last h-11 w-full sm:hidden"></div></div></header>`,
    `<main aria-busy="true" class="${FRAME.width} ${FRAME.main}">${headOf(page, said)}${bodyOf(page)}</main>`,
  ].join("");
}

function headOf({ head, article, action }: FirstPage, said: SaidIn): string {
  // As high as the line that says where it stands.
  if (article)
    return `<div class="${article.article} mb-8"><div class="min-w-0"><div class="h-6"></div><h1 class="${article.title}" dir="auto">${TITLE}</h1></div></div>`;
  if (!head) return "";
  const link = action
    ? `<a href="${action.to}" class="${BUTTON_SHAPE} ${BUTTON_LOOKS.primary} ${BUTTON_SIZES.normal} ${action.className}">${said(action.label)}</a>`
    : "";
  return `<header class="${HEAD.header}"><div class="${HEAD.texts}"><h1 class="${HEAD.title}">${said(head.title)}</h1><p class="${HEAD.about}">${said(head.about)}</p></div>${link}</header>`;
}
