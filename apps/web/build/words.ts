import { createHash } from "node:crypto";
import { createCompilationErrorMessage, createCompiledCatalog } from "@lingui/cli/api";
import type { Plugin, Rolldown } from "vite";
import { FIRST_PAGES } from "../src/first-pages.ts";
import { PACKS } from "../src/languages/packs.ts";
import { readPack } from "./said-in.ts";

const SCRIPT = 'src="/first-paint.js"';
const PAGE = /\/src\/pages\/([\w-]+)\.tsx$/;
/** Where the app's own sources begin in the name of a module, as packs name them. */
const SOURCE = /\/apps\/web\/(src\/[^?]+)/;
/** What every page says: head, foot, dialogs of the wallet. `src/languages/words.ts` asks for it by this name. */
const FRAME = "frame";

/** The file of what one page says in one language; `mark` is the same for all of a build. */
const fileOf = (language: string, page: string, mark: string): string =>
  `assets/words-${language}-${page}-${mark}.js`;
/** The files of what every page says. */
export const FRAME_WORDS = new RegExp(`^assets/words-[a-z]+-${FRAME}-`);

/**
 * Cuts each pack into what every page says and what one page says beside it, by the chunks that the sources of a message ended
 * up in: a page brings its own words, and a message that moves needs nobody to say where. Each is a script of its own, found by
 * its name: a table of them would be loaded by everybody.
 */
export function words(): Plugin {
  let mark = "";
  return {
    name: "sooth:words",
    apply: "build",
    generateBundle: {
      // Before index.html is written, which names the mark.
      order: "pre",
      async handler(_options, bundle) {
        const said = await saidBy(bundle);
        mark = createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 8);
        for (const { language, page, source } of said)
          this.emitFile({ type: "asset", fileName: fileOf(language, page, mark), source });
      },
    },
    transformIndexHtml: {
      order: "post",
      handler(html) {
        if (!html.includes(SCRIPT)) throw new Error(`index.html has no ${SCRIPT}`);
        return html.replace(SCRIPT, () => `${SCRIPT} data-words="${mark}"`);
      },
    },
  };
}

/** Tells the script that knows the language first which page this is, so that its words come beside its scripts. */
export const withPage = (html: string, page: string): string =>
  html.replace(SCRIPT, () => `${SCRIPT} data-page="${page}"`);

type Words = { language: string; page: string; source: string };

async function saidBy(bundle: Rolldown.OutputBundle): Promise<readonly Words[]> {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const pages = new Map(chunks.flatMap((chunk) => named(chunk)));
  const missing = FIRST_PAGES.filter(({ file }) => !pages.has(file));
  if (missing.length > 0) throw new Error(`no chunk of ${missing.map(({ file }) => file).join(", ")}`);
  const ofPages = new Set(pages.values());
  const frame = reached(
    bundle,
    chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName),
    ofPages,
  );
  const inFrame = sourcesOf(bundle, frame);
  const others = [...pages].map(
    ([page, file]) => [page, sourcesOf(bundle, reached(bundle, [file], frame))] as const,
  );
  const inPages = new Set(others.flatMap(([, sources]) => [...sources]));
  const made: Words[] = [];
  for (const language of PACKS) {
    const pack = Object.entries(await readPack(language));
    /** What is said in none of the pages, or in the frame too, every page brings. */
    const everywhere = new Set(
      pack
        .filter(([, { origin = [] }]) => origin.some(([at]) => inFrame.has(at) || !inPages.has(at)))
        .map(([id]) => id),
    );
    made.push({ language, page: FRAME, source: compiled(language, pack, (id) => everywhere.has(id)) });
    for (const [page, sources] of others) {
      const own = ({ origin = [] }: (typeof pack)[number][1]) => origin.some(([at]) => sources.has(at));
      const source = compiled(language, pack, (id, entry) => !everywhere.has(id) && own(entry));
      made.push({ language, page, source });
    }
  }
  return made;
}

/** The page that a chunk is, by the name of its file. */
function named({ facadeModuleId, fileName }: Rolldown.OutputChunk): [string, string][] {
  const page = PAGE.exec(facadeModuleId ?? "")?.[1];
  return page === undefined ? [] : [[page, fileName]];
}

/** The chunks that are loaded from these on, at once or later, but for those that begin where `not` says. */
function reached(
  bundle: Rolldown.OutputBundle,
  from: readonly string[],
  not: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (fileName: string) => {
    const file = bundle[fileName];
    if (file?.type !== "chunk" || found.has(fileName) || not.has(fileName)) return;
    found.add(fileName);
    for (const next of [...file.imports, ...file.dynamicImports]) follow(next);
  };
  for (const fileName of from) follow(fileName);
  return found;
}

function sourcesOf(bundle: Rolldown.OutputBundle, files: ReadonlySet<string>): ReadonlySet<string> {
  const modules = [...files].flatMap((file) =>
    bundle[file]?.type === "chunk" ? bundle[file].moduleIds : [],
  );
  return new Set(modules.flatMap((id) => SOURCE.exec(id)?.[1] ?? []));
}

type Pack = Awaited<ReturnType<typeof readPack>>;

function compiled(
  language: string,
  pack: readonly [string, Pack[string]][],
  isIn: (id: string, entry: Pack[string]) => boolean,
): string {
  const texts = pack
    .filter(([id, entry]) => isIn(id, entry))
    .map(([id, { message, translation }]) => {
      if (!translation) throw new Error(`${language}.po says nothing for “${message ?? id}”`);
      return [id, translation] as const;
    });
  const { source, errors } = createCompiledCatalog(language, Object.fromEntries(texts), { namespace: "es" });
  if (errors.length > 0) throw new Error(createCompilationErrorMessage(language, errors));
  return source;
}
