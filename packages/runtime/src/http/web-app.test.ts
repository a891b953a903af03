import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { raw, running, told } from "../../test/http.ts";
import { withTags } from "./web-app.ts";

const INDEX = `<!doctype html><html><head><meta charset="utf-8"><title>Sooth</title><meta name="description" content="old"></head><body><div id="root"></div></body></html>`;

function built(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "sooth-web-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, "assets"));
  writeFileSync(path.join(folder, "index.html"), INDEX);
  writeFileSync(path.join(folder, "favicon.svg"), "<svg/>");
  writeFileSync(path.join(folder, "assets/index-Bx3kd92a.js"), "run()");
  return folder;
}

const tags = async (where: string) =>
  where === "/markets/1" ? { title: `Will $& "win"? <script>`, description: "Yes 60% & rising" } : null;

test("pages are index.html with their own tags; what strangers wrote is escaped", async () => {
  const { url } = await running({ webApp: { folder: built(), tags } });
  const page = await fetch(`${url}/markets/1?tab=odds`);
  const html = await page.text();
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(html).toContain("<title>Will $&amp; &quot;win&quot;? &lt;script&gt;</title>");
  expect(html).toContain('<meta property="og:description" content="Yes 60% &amp; rising">');
  expect(html).not.toContain("<title>Sooth</title>");
  expect(html).not.toContain('content="old"');
  expect(html).not.toContain("<script>");
  const index = await fetch(`${url}/`);
  expect([await index.text(), index.headers.get("cache-control")]).toEqual([INDEX, "no-cache"]);
  const again = await fetch(`${url}/`, { headers: { "if-none-match": index.headers.get("etag") ?? "" } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect(await (await fetch(`${url}/index.html`)).text()).toBe(INDEX);
});

test("a page that was built goes out in the place of index.html, and nowhere else", async () => {
  const folder = built();
  const write = (file: string, html: string) => {
    const at = path.join(folder, "first", file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, html);
  };
  write("index.html", "home <!--reads--><link>\n<!--/reads-->");
  write("markets/_.html", "<head></head><a href='/v1/markets/{{id}}'></a><h1>{{title}}</h1>");
  write("markets/new.html", "new");
  const { url } = await running({
    webApp: {
      folder,
      tags: async (where) =>
        where === "/markets/{{title}}" ? { title: "$& <b>{{id}}", description: "" } : null,
    },
  });
  const pageAt = async (where: string) => (await fetch(url + where)).text();
  expect(await pageAt("/")).toBe("home <!--reads--><link>\n<!--/reads-->");
  // What is read first is not what a filtered page reads.
  expect(await pageAt("/?search=rain")).toBe("home ");
  expect(await pageAt("/markets/new")).toBe("new");
  const titled = await pageAt(`/markets/${encodeURIComponent("{{title}}")}`);
  expect(titled).toContain("<h1>$&amp; &lt;b&gt;{{id}}</h1>");
  expect(titled).toContain("href='/v1/markets/%7B%7Btitle%7D%7D'");
  for (const where of ["/markets/unknown", "/markets", "/markets/", "/other", "/markets/1/2", "/first"])
    expect(await pageAt(where), where).toBe(INDEX);
  expect(await told(fetch(`${url}/first/index.html`))).toBe("404 http.not_found");
  expect(await told(fetch(`${url}/first/markets/_.html`))).toBe("404 http.not_found");
});

test("a list goes out with its first rows, and with what stands for none where it is filtered, empty or late", async () => {
  const folder = built();
  mkdirSync(path.join(folder, "first"));
  const list =
    "<!--rows--><ul><!--row--><a href='/m/{{id}}'>{{title}}</a><!--/row--></ul><!--or-->wait<!--/rows-->";
  for (const file of ["index", "empty", "late", "fails"])
    writeFileSync(path.join(folder, "first", `${file}.html`), `<main>${list}</main>`);
  const { url, lines } = await running({
    webApp: {
      folder,
      rows: (where) => {
        if (where === "/late") return new Promise(() => {});
        if (where === "/fails") return Promise.reject(new Error("database is away"));
        if (where !== "/") return Promise.resolve([]);
        return Promise.resolve([
          { id: "0x1", title: "$& <b>{{id}}" },
          { id: "0x2", title: "<!--row-->" },
        ]);
      },
    },
  });
  const pageAt = async (where: string) => (await fetch(url + where)).text();
  expect(await pageAt("/")).toBe(
    "<main><ul><a href='/m/0x1'>$&amp; &lt;b&gt;{{id}}</a><a href='/m/0x2'>&lt;!--row--&gt;</a></ul></main>",
  );
  for (const where of ["/?search=rain", "/empty", "/late", "/fails"])
    expect(await pageAt(where), where).toBe("<main>wait</main>");
  expect(lines.join("")).toContain("no first rows");
});

test("a page goes out without its tags when they fail or are late", async () => {
  const { url, lines } = await running({
    webApp: {
      folder: built(),
      tags: (where) =>
        where === "/fails" ? Promise.reject(new Error("database is away")) : new Promise(() => {}),
    },
  });
  expect(await (await fetch(`${url}/fails`)).text()).toBe(INDEX);
  expect(lines.join("")).toContain("database is away");
  expect(await (await fetch(`${url}/late`)).text()).toBe(INDEX);
});

test("files: hashed ones for ever, others asked again; what is not there is no page", async () => {
  const { url, port } = await running({ webApp: { folder: built() } });
  const script = await fetch(`${url}/assets/index-Bx3kd92a.js`);
  expect([script.status, await script.text()]).toEqual([200, "run()"]);
  expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(script.headers.get("content-type")).toMatch(/javascript/);
  const icon = await fetch(`${url}/favicon.svg`);
  expect([icon.headers.get("cache-control"), icon.headers.get("content-type")]).toEqual([
    "no-cache",
    "image/svg+xml",
  ]);
  expect(await told(fetch(`${url}/assets/index-gone0000.js`))).toBe("404 http.not_found");
  expect(await told(fetch(`${url}/v1/nothing`))).toBe("404 http.not_found");
  expect(await told(fetch(`${url}/markets`, { method: "POST" }))).toBe("404 http.not_found");
  for (const out of [
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc/passwd",
    "/assets/..%5c..%5cpackage.json",
  ])
    expect(await raw(port, `GET ${out} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)).not.toMatch(
      /root:|"name"/,
    );
});

test("a new build shows without a restart", async () => {
  const folder = built();
  const { url } = await running({ webApp: { folder } });
  await fetch(url);
  writeFileSync(path.join(folder, "index.html"), INDEX.replace("root", "new"));
  utimesSync(path.join(folder, "index.html"), 1, 1);
  expect(await (await fetch(url)).text()).toContain('id="new"');
});

test("not built: says how to build it, the API goes on", async () => {
  const { url } = await running({ webApp: { folder: path.join(tmpdir(), "sooth-not-there") } });
  const page = await fetch(`${url}/markets`);
  expect([page.status, page.headers.get("content-type")]).toEqual([503, "text/plain; charset=utf-8"]);
  expect(await page.text()).toContain("vite build");
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

test("tags go into a head with attributes, and an index without title", () => {
  expect(withTags('<head lang="en"></head>', { title: "a", description: "b" })).toMatch(
    /^<head lang="en"><title>a<\/title>/,
  );
});

test("a picture goes in by its whole address, and only by one that is known", () => {
  const tags = { title: "a", description: "b", image: '/v1/"card.png' };
  expect(withTags("<head></head>", tags, "https://sooth.test")).toContain(
    `<meta property="og:image" content="https://sooth.test/v1/&quot;card.png">`,
  );
  expect(withTags("<head></head>", tags)).not.toContain("og:image");
});

test("a host that could be no name of a server names no picture", async () => {
  const { port } = await running({
    webApp: { folder: built(), tags: async () => ({ title: "a", description: "b", image: "/card.png" }) },
  });
  const pageFor = (host: string) => raw(port, `GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  expect(await pageFor("sooth.test:8080")).toContain(`content="http://sooth.test:8080/card.png"`);
  expect(await pageFor(`x"><script>`)).not.toContain("og:image");
});
