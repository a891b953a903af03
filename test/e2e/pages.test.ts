import type { Hex } from "@sooth/kernel";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, openKeepingBrowser, visit } from "./browser.ts";
import { type DisputeStack, startDisputeStack, until } from "./dispute-stack.ts";

const QUESTION = "Will this market be read without a network?";
const SAID = [
  "Whoever reads loses his place when lines jump, and taps what he did not mean to, because the button moved under his finger.",
  "A page that waits until all of it is known shows nothing for long; it should show what it has, although some of that moves later.",
];
const STATEMENT = "Pages should stand where they are once they are read.";
/** What a page may load of scripts before it stands, compressed. */
const SCRIPT_BYTES = 250_000;
/** Half of what people do not notice, by the measure of the browsers' makers; a row that arrives live may move others. */
const SHIFT = 0.05;

describe.skipIf(browserPath === undefined)("pages as a browser measures them", () => {
  let stack: DisputeStack;
  let stopped = false;
  let browser: Browser;
  let market = "";
  let question: Hex;
  let opinion = "";
  const stop = async () => {
    if (!stopped) await stack?.remove();
    stopped = true;
  };

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startDisputeStack(), openBrowser()]);
    const [alice, bob] = [stack.user("Alice"), stack.user("Bob")];
    const schema = {
      kind: "bool",
      outcomes: ["No", "Yes"],
      unit: "USD",
      text: QUESTION,
      rule: { type: "atLeast", threshold: "2300" },
      sources: stack.sources,
    };
    const opened = await stack.open(alice, schema, {
      opensAt: (await stack.now()) + 600,
      liveness: 60,
      stakes: [alice, bob],
    });
    market = `/markets/${opened.market}`;
    question = opened.question;
    const up = await stack.putUp(alice, STATEMENT, {
      closesAt: (await stack.now()) + 900,
      said: [alice, bob].map((owner, at) => ({ owner, text: SAID[at] ?? "", band: at === 0 ? 17 : 4 })),
    });
    opinion = `/opinions/${up}`;
    await until("its opinions", 60, async () => {
      const { opinions } = await stack.get<{ opinions: number }>(`/v1/opinion-markets/${up}`);
      return opinions === SAID.length;
    });
  });
  afterAll(async () => {
    await browser?.close();
    await stop();
  });

  test("a first visit loads few scripts, and nothing on it moves once it stands", async () => {
    const pages = [
      "/",
      market,
      "/opinions",
      opinion,
      "/opinions/create",
      "/portfolio",
      "/activity",
      "/providers",
      "/create",
      "/bundles",
      "/bundles/new",
      "/desk",
      "/solvency",
      "/leaderboard",
      "/leagues",
      "/notifications",
    ];
    const told: unknown[] = [];
    for (const [width, language] of [
      [360, "en"],
      [1280, "en"],
      [360, "de"],
    ] as const)
      for (const where of pages) {
        const { page } = await visit(browser, stack.url, width, "light");
        await speak(page, language);
        const scripts = await countScripts(page);
        await watchShifts(page);
        const asked = await watchFetches(page);
        await page.goto(where);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await page.waitForLoadState("load");
        await page.waitForFunction(() => document.querySelector("main .skeleton") === null);
        const shift = await shiftOf(page);
        if (scripts() > SCRIPT_BYTES || shift > SHIFT)
          told.push({ where, width, language, bytes: scripts(), shift });
        expect(scripts(), where).toBeGreaterThan(10_000);
        // What the server had the browser read ahead is what the page then asks for; else it is read twice.
        const ahead = await page
          .locator("link[rel=preload][as=fetch]")
          .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
        expect(ahead, where).toContain("/v1/network");
        await expect.poll(asked, { message: where }).toEqual(expect.arrayContaining(ahead));
        await page.context().close();
      }
    expect(told).toEqual([]);
  });

  test("clearing the filters clears what was searched for, in the field too", async () => {
    const { page } = await visit(browser, stack.url, 1280, "light");
    for (const [where, label] of [
      ["/", "Search questions"],
      ["/opinions", "Search statements and opinions"],
    ] as const) {
      await page.goto(where);
      const field = page.getByLabel(label);
      await field.fill("zebra crossings");
      await page.getByRole("button", { name: "Clear the filters" }).click();
      await expect.poll(() => field.inputValue()).toBe("");
      expect(page.url()).not.toContain("zebra");
      // What comes from the address stands in the field, and more that is typed is searched for.
      await page.goto(`${where}?search=zebra`);
      await expect.poll(() => field.inputValue()).toBe("zebra");
      await field.press("End");
      await field.pressSequentially(" crossings");
      await expect.poll(() => page.url()).toMatch(/zebra(%20|\+)crossings/);
      expect(await field.inputValue()).toBe("zebra crossings");
    }
    await page.context().close();
  });

  test("the server sends head and title with the page, and the scripts draw them in the same place", async () => {
    for (const [where, title] of [
      ["/", "Put money on what happens"],
      ["/opinions", "Say what you think, and stand by it"],
      [market, QUESTION],
    ] as const)
      for (const width of [360, 1280]) {
        const { page } = await visit(browser, stack.url, width, "light");
        const heading = page.getByRole("heading", { level: 1, name: title });
        // Held back, the scripts show what was there before them.
        const held = Promise.withResolvers<void>();
        await page.route("**/assets/index-*.js", async (route) => {
          await held.promise;
          await route.continue();
        });
        await page.goto(where, { waitUntil: "commit" });
        await heading.waitFor();
        await page.evaluate(() => document.fonts.ready);
        const before = await heading.boundingBox();
        expect(await page.getByRole("contentinfo").count()).toBe(0);
        // The offer to newcomers of a local network stands above; what follows it moves as one.
        held.resolve();
        await page.getByRole("contentinfo").waitFor();
        const main = await page.getByRole("main").boundingBox();
        const after = await heading.boundingBox();
        const frame = await page.getByRole("banner").boundingBox();
        const offer = (main?.y ?? 0) - (frame?.height ?? 0);
        expect([after?.x, after?.width, (after?.y ?? 0) - offer], `${where} at ${width}`).toEqual([
          before?.x,
          before?.width,
          before?.y,
        ]);
        await page.context().close();
      }
  });

  test("the server sends the first rows of the list, and nothing of them moves when the scripts draw them", async () => {
    for (const width of [360, 1280]) {
      const { page } = await visit(browser, stack.url, width, "light");
      const row = page.getByRole("main").getByRole("link", { name: QUESTION });
      const held = Promise.withResolvers<void>();
      await page.route("**/assets/index-*.js", async (route) => {
        await held.promise;
        await route.continue();
      });
      await page.goto("/", { waitUntil: "commit" });
      await row.waitFor();
      await page.evaluate(() => document.fonts.ready);
      expect(await row.getAttribute("href")).toBe(market);
      const before = await placesIn(page);
      held.resolve();
      await page.getByRole("contentinfo").waitFor();
      await page.waitForFunction(() => document.querySelector("main .skeleton") === null);
      // Measured from the start of the page's own part: the offer to newcomers stands above it.
      expect(await placesIn(page), `at ${width}`).toEqual(before);
      await page.context().close();
    }
    const { page } = await visit(browser, stack.url, 360, "light");
    const filtered = await page.request.get("/?search=nothing");
    expect(await filtered.text()).not.toContain(QUESTION);
    await page.context().close();
  });

  test("on a phone the largest text stands there before any script, and scripts draw nothing larger", async () => {
    for (const [where, language] of [
      ...["/", market, "/opinions", opinion, "/portfolio"].map((path) => [path, "en"] as const),
      ...["/", market, opinion].map((path) => [path, "de"] as const),
    ]) {
      const { page } = await visit(browser, stack.url, 360, "light");
      await speak(page, language);
      const held = Promise.withResolvers<void>();
      await page.route("**/assets/index-*.js", async (route) => {
        await held.promise;
        await route.continue();
      });
      await page.goto(where, { waitUntil: "commit" });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.evaluate(() => document.fonts.ready);
      await expect.poll(() => largestPaints(page), { message: `${where} in ${language}` }).not.toEqual([]);
      const before = await largestPaints(page);
      held.resolve();
      await page.getByRole("contentinfo").waitFor();
      await page.waitForFunction(() => document.querySelector("main .skeleton") === null);
      expect(await largestPaints(page), `${where} in ${language}`).toEqual(before);
      await page.context().close();
    }
  });

  test("pages that were left hold no connection, and the one that is come back to is live again", async () => {
    const keeping = await openKeepingBrowser();
    const { page, complaints } = await visit(keeping, stack.url, 1280, "light");
    const places = [
      "/",
      market,
      "/opinions",
      "/portfolio",
      "/activity",
      "/providers",
      "/disputes",
      "/solvency",
    ];
    for (const where of places) {
      const live = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/v1/events");
      // More places than a browser opens connections to one server: each left page with a stream holds up the next.
      await page.goto(where, { timeout: 10_000 });
      await page.getByRole("heading", { level: 1 }).waitFor();
      await live;
    }
    const again = page.waitForRequest((request) => new URL(request.url()).pathname === "/v1/events");
    await page.evaluate(() => history.back());
    await page.waitForURL("**/disputes", { waitUntil: "commit" });
    await again;
    expect(complaints).toEqual([]);
    await keeping.close();
  });

  test("the solvency page has outcome tokens too, in all and by their question", async () => {
    const visitor = await visit(browser, stack.url, 1280, "light");
    const { page, complaints } = visitor;
    await page.goto("/solvency");
    const tokens = page.locator("section").filter({
      has: page.getByRole("heading", { name: "Outcome tokens", exact: true }),
    });
    await tokens.getByText("Everything owed is there").waitFor();
    expect(await tokens.getByRole("listitem").count()).toBe(0);
    await stack.split(stack.user("Alice"), question, 12_345_678n);
    // It is told without being asked again by hand.
    const entry = tokens.getByRole("listitem").filter({ hasText: QUESTION });
    await entry.waitFor({ timeout: 60_000 });
    await entry.getByText("not settled").waitFor();
    expect((await entry.innerText()).match(/12\.345678/g)).toHaveLength(4);
    await expect.poll(async () => (await tokens.innerText()).match(/12\.345678/g)?.length).toBeGreaterThan(5);
    expect(await inBothLights(visitor, "130-outcome-tokens")).toEqual([]);
    await entry.getByRole("link", { name: QUESTION }).click();
    await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("it can be put on a home screen, and is read without a network", async () => {
    const { page, complaints } = await visit(browser, stack.url, 360, "dark", true);
    await page.goto("/");
    await page.getByRole("link", { name: QUESTION }).waitFor();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    const devtools = await page.context().newCDPSession(page);
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // A private window is never offered it; all else must be right.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
    // From the second page on the worker sees what is read.
    await page.reload();
    await page.getByRole("link", { name: QUESTION }).waitFor();
    await page.goto(market);
    await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
    await expect.poll(() => keptAnswers(page)).toContain(`/v1${market}`);
    expect(complaints).toEqual([]);
    await stop();
    await page.reload();
    await page.getByText("No connection to the server").waitFor();
    await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
    await page.goto("/");
    await page.getByRole("link", { name: QUESTION }).waitFor();
  });
});

/** As if it had been chosen in the footer at a visit before. */
const speak = (page: Page, language: string): Promise<unknown> =>
  page.addInitScript((chosen) => localStorage.setItem("sooth.language", chosen), language);

/** The sizes of what the browser has called the largest paint so far, each larger than the one before. */
const largestPaints = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    // Two frames: what was drawn last has been looked at.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const sizes: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { size: number })[])
        sizes.push(entry.size);
    });
    observer.observe({ type: "largest-contentful-paint", buffered: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    observer.disconnect();
    return sizes;
  });

/** Where the first row and its name stand in the page's own part, to the pixel. */
const placesIn = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const top = document.querySelector("main")?.getBoundingClientRect().top ?? Number.NaN;
    return ["main li", "main li a"].flatMap((part) => {
      const box = document.querySelector(part)?.getBoundingClientRect();
      return box ? [box.left, box.top - top, box.width, box.height].map(Math.round) : [];
    });
  });

/** Bytes of scripts as they came over the wire. */
async function countScripts(page: Page): Promise<() => number> {
  const devtools = await page.context().newCDPSession(page);
  const scripts = new Set<string>();
  let bytes = 0;
  devtools.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.add(requestId);
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await devtools.send("Network.enable");
  return () => bytes;
}

/** Paths that the page's own scripts ask for. */
async function watchFetches(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const told = globalThis as { asked?: string[] };
    const asked = (told.asked = [] as string[]);
    const real = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input, location.href);
      asked.push(pathname + search);
      return real(input, init);
    };
  });
  return () => page.evaluate(() => (globalThis as { asked?: string[] }).asked ?? []);
}

type Shifts = { shifts?: number };
type LayoutShift = PerformanceEntry & { value: number; hadRecentInput: boolean };

const watchShifts = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const told = globalThis as Shifts;
    told.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[])
        if (!entry.hadRecentInput) told.shifts = (told.shifts ?? 0) + entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });

/** All that moved by itself, as a share of the screen: what the browser calls cumulative layout shift. */
const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    // Two frames: what was drawn last has been looked at.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return (globalThis as Shifts).shifts ?? Number.NaN;
  });

/** Paths of the answers that the browser keeps. */
const keptAnswers = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const kept = await caches.open("sooth-read");
    return (await kept.keys()).map(({ url }) => new URL(url).pathname);
  });
