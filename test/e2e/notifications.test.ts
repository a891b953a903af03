import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type PushService, startPushService } from "../../packages/notifications/test/push-service.ts";
import { type SmtpSimulator, startSmtp } from "../../packages/notifications/test/smtp.ts";
import { browserPath, inBothLights, openBrowser, visit, type Visitor } from "./browser.ts";
import { connect } from "./opinion-walk.ts";
import { startStack, type RunningStack } from "./stack.ts";

const ADDRESS = "alice@mail.example";

describe.skipIf(browserPath === undefined)("notifications outside of the page, in a real browser", () => {
  let smtp: SmtpSimulator;
  let service: PushService;
  let stack: RunningStack;
  let browser: Browser;
  let alice: Visitor;

  beforeAll(async () => {
    // Nothing is pushed here: it makes subscriptions as browsers do.
    [smtp, service] = await Promise.all([startSmtp(), startPushService(() => "")]);
    [stack, browser] = await Promise.all([
      startStack({
        MAIL_URL: smtp.url,
        MAIL_FROM: "news@sooth.example",
        PUSH_SERVICES: service.origin,
      }),
      openBrowser(),
    ]);
    alice = await visit(browser, stack.url, 1280, "light", true);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await alice?.shot("failed-notifications");
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.remove();
    await smtp?.close();
    await service?.close();
  });

  test("an address is named, confirmed by its letter's link, and forgotten by another", async () => {
    const { page } = alice;
    await page.goto("/");
    await connect(page, "Alice");
    await page.goto("/notifications");
    const settings = page.getByRole("complementary", { name: "Settings" });
    await settings.getByRole("button", { name: "Sign in" }).click();
    await settings.getByLabel("Mail address").fill(ADDRESS);
    await settings.getByLabel("Mail address").press("Enter");
    await settings.getByText(`A link was sent to ${ADDRESS}`).waitFor();
    await settings.getByLabel("Tell me in this browser").waitFor();
    await expect.poll(() => smtp.received.length).toBe(1);
    const { text = "" } = smtp.received[0] ?? {};
    const linkTo = (to: string): string =>
      new RegExp(`http://\\S+/notifications/${to}#\\S+`).exec(text)?.[0] ?? "";
    await page.goto(linkTo("confirm"));
    await page.getByRole("button", { name: "Confirm it" }).click();
    await page.getByText("Your address is confirmed.").waitFor();
    await page.goto("/notifications");
    await settings.getByText(`Letters go to ${ADDRESS}.`).waitFor();
    const mailed = settings.getByRole("group", { name: "Mail me when" });
    await mailed.getByLabel("A market of mine closes").uncheck();
    await page.reload();
    await expect.poll(() => mailed.getByLabel("A market of mine closes").isChecked()).toBe(false);
    expect(await inBothLights(alice, "96-channels")).toEqual([]);
    await page.goto(linkTo("stop"));
    await page.getByRole("button", { name: "Send me nothing more" }).click();
    await page.getByText("Nothing more is sent to you").waitFor();
    expect(await inBothLights(alice, "96-no-more-letters")).toEqual([]);
    await page.goto("/notifications");
    await settings.getByLabel("Mail address").waitFor();
  });

  test("what is pushed is shown by the worker, also what it cannot read", async () => {
    const { page } = alice;
    await page.context().grantPermissions(["notifications"]);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    const devtools = await page.context().newCDPSession(page);
    const registration = new Promise<string>((resolve) => {
      devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations: [first] }) => {
        if (first) resolve(first.registrationId);
      });
    });
    await devtools.send("ServiceWorker.enable");
    const registrationId = await registration;
    const push = (data: string) =>
      devtools.send("ServiceWorker.deliverPushMessage", { origin: stack.url, registrationId, data });
    await push(
      JSON.stringify({ texts: [{ words: "“Rain?” is settled: Yes", path: "/markets/0x1", tag: "a" }] }),
    );
    await push("not JSON");
    const shown = () =>
      page.evaluate(async () => {
        const worker = await navigator.serviceWorker.ready;
        return (await worker.getNotifications()).map(({ body, tag, data }) => [body, tag, String(data)]);
      });
    await expect.poll(shown).toEqual(
      expect.arrayContaining([
        ["“Rain?” is settled: Yes", "a", "/markets/0x1"],
        ["You have new notifications", "many", "/notifications"],
      ]),
    );
  });

  test("a subscription that the browser made anew is told to the server by the worker, where it was told before", async () => {
    const { page } = alice;
    const put = (subscription: object) =>
      page.evaluate(async (body) => {
        const headers = { "content-type": "application/json" };
        return (await fetch("/v1/notifications/push", { method: "PUT", headers, body })).status;
      }, JSON.stringify(subscription));
    const [running] = page.context().serviceWorkers();
    const worker = running ?? (await page.context().waitForEvent("serviceworker"));
    const renew = (given: object) =>
      worker.evaluate(async (subscription) => {
        let renewed: unknown;
        const event = Object.assign(new Event("pushsubscriptionchange"), {
          newSubscription: { toJSON: () => subscription },
          waitUntil: (work: unknown) => (renewed = work),
        });
        dispatchEvent(event);
        return (await renewed) as boolean;
      }, given);
    expect(await renew(service.subscription("unasked"))).toBe(false);
    expect(await put(service.subscription("old"))).toBe(200);
    expect(await renew(service.subscription("new"))).toBe(true);
    await page.goto("/notifications");
    await expect.poll(() => page.getByLabel("Tell me in this browser").isChecked()).toBe(true);
  });
});
