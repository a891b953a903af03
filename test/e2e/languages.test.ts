import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, inBothLights, openBrowser, visit } from "./browser.ts";
import { type DisputeStack, startDisputeStack } from "./dispute-stack.ts";
import { leftInEnglish, textsOf } from "./left-in-english.ts";
import { untilDrawn } from "./page-checks.ts";

const QUESTION = "Will this market be read in three languages?";
const language = (page: Page): Promise<string> => page.evaluate(() => document.documentElement.lang);

describe.skipIf(browserPath === undefined)("the pages in other languages", () => {
  let stack: DisputeStack;
  let browser: Browser;
  let market = "";
  let question = "";

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
      opensAt: (await stack.now()) + 900,
      liveness: 60,
      stakes: [alice, bob],
    });
    market = `/markets/${opened.market}`;
    question = `/questions/${opened.question}`;
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
  });

  test("German is chosen in the footer, holds over a reload, and leaves no English on the list", async () => {
    const visitor = await visit(browser, stack.url, 1280, "light");
    const { page } = visitor;
    await page.goto("/");
    await untilDrawn(page);
    expect(await language(page)).toBe("en");
    await page.getByLabel("Language").selectOption("de");
    await page.getByRole("heading", { level: 1, name: "Setze auf das, was geschieht" }).waitFor();
    await page.reload();
    await untilDrawn(page);
    expect(await language(page)).toBe("de");
    await page.getByRole("link", { name: QUESTION }).waitFor();
    const texts = await textsOf(page);
    expect(texts.length).toBeGreaterThan(40);
    expect(await leftInEnglish(page)).toEqual([]);
    expect(await inBothLights(visitor, "german-markets")).toEqual([]);

    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(market);
    await untilDrawn(page);
    await page.getByLabel("Betrag", { exact: true }).waitFor();
    await page.getByRole("radio", { name: /^Ja/ }).waitFor();
    expect(await leftInEnglish(page)).toEqual([]);
    expect(await inBothLights(visitor, "german-market")).toEqual([]);
    for (const [where, title] of [
      ["/opinions", "Sag, was du denkst, und steh dazu"],
      ["/opinions?stances=open", "Sag, was du denkst, und steh dazu"],
      ["/opinions/create", "Aussage aufstellen"],
      ["/leagues", "Ligen"],
      ["/create", "Frage stellen"],
      ["/portfolio", "Portfolio"],
      ["/solvency", "Ist das Geld da?"],
      [question, QUESTION],
      ["/disputes", "Einsprüche"],
      ["/desk", "Leitstand"],
      ["/join", "Anbieter werden"],
      ["/security", "Sicherheit"],
      ["/bundles", "Mehrere Ketten, ein Ausgang"],
      ["/bundles/new", "Bündel erstellen"],
    ] as const) {
      await page.goto(where);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await page.waitForFunction(() => document.querySelector("main .skeleton") === null);
      expect(await leftInEnglish(page), where).toEqual([]);
      expect(await inBothLights(visitor, `german${where.replaceAll("/", "-")}`), where).toEqual([]);
    }
    expect(visitor.complaints).toEqual([]);
    await page.context().close();
  });

  test("Spanish is what a Spanish browser gets, from the first paint on", async () => {
    const context = await browser.newContext({
      baseURL: stack.url,
      locale: "es-MX",
      serviceWorkers: "block",
    });
    const page = await context.newPage();
    // Held back, the scripts show what the server sent.
    const held = Promise.withResolvers<void>();
    await page.route("**/assets/index-*.js", async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.goto("/", { waitUntil: "commit" });
    const heading = page.getByRole("heading", { level: 1, name: "Apuesta por lo que va a pasar" });
    await heading.waitFor();
    expect(await page.getByText("Put money on what happens").isVisible()).toBe(false);
    held.resolve();
    await untilDrawn(page);
    await heading.waitFor();
    expect(await language(page)).toBe("es");
    await context.close();
  });
});
