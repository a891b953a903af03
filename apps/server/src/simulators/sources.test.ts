import { afterAll, expect, test } from "vitest";
import { type DialectName, type Exchange, startExchange } from "./exchange.ts";
import { priceText, randomWalk, seriesFromCsv } from "./series.ts";
import { closeSource } from "./sources.ts";

const running: Exchange[] = [];
afterAll(() => Promise.all(running.map((exchange) => exchange.stop())));

/** Fills the placeholders as the oracle does, then walks the path. */
async function read(source: { url: string; path: string }, observeAt: number): Promise<unknown> {
  const url = source.url.replace(/\{observeAt(Ms)?-(\d+)\}/g, (_, ms: string | undefined, seconds: string) =>
    String((observeAt - Number(seconds)) * (ms ? 1000 : 1)),
  );
  const body = (await (await fetch(url)).json()) as unknown;
  return source.path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], body);
}

const dialects: DialectName[] = ["coinbase", "kraken", "binance"];

test.each(dialects)("%s: the close of the day that ends when the question observes", async (dialect) => {
  const observeAt = Date.parse("2021-05-05T00:00:00Z") / 1000;
  const series = seriesFromCsv("2021-05-03,3431.09\n2021-05-04,3253.63\n2021-05-05,3522.78");
  const exchange = await startExchange({ dialect, series, now: () => observeAt + 86_400 * 3 });
  running.push(exchange);
  expect(Number(await read(closeSource(dialect, exchange.url, 86_400), observeAt))).toBe(3253.63);
});

test.each(dialects)("%s: the close of a simulated minute", async (dialect) => {
  const observeAt = 1_700_000_040;
  const series = randomWalk(1, 2_000, 60);
  const exchange = await startExchange({ dialect, series, now: () => observeAt + 600 });
  running.push(exchange);
  const close = Number(await read(closeSource(dialect, exchange.url, 60), observeAt));
  expect(close).toBe(Number(priceText(series.candle(observeAt - 60)?.close ?? 0n)));
});
