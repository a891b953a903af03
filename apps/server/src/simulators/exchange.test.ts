import { afterEach, describe, expect, test } from "vitest";
import { type DialectName, type Exchange, startExchange } from "./exchange.ts";
import { seriesFromCsv } from "./series.ts";

const series = seriesFromCsv(
  "2021-05-03,3431.09\n2021-05-04,3253.63\n2021-05-05,3522.78\n2021-05-06,3490.88",
);
const at = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1000;
const MAY_4 = at("2021-05-04");

const running: Exchange[] = [];
afterEach(() => Promise.all(running.splice(0).map((exchange) => exchange.stop())));

async function start(dialect: DialectName, now = at("2021-05-06")): Promise<Exchange> {
  const exchange = await startExchange({ dialect, series, now: () => now, control: true });
  running.push(exchange);
  return exchange;
}

async function get(exchange: Exchange, path: string) {
  const response = await fetch(exchange.url + path, { signal: AbortSignal.timeout(5_000) });
  return { status: response.status, body: (await response.json()) as unknown, headers: response.headers };
}

const CANDLE = {
  coinbase: `/products/ETH-USD/candles?granularity=86400&start=${MAY_4}&end=${MAY_4}`,
  kraken: `/0/public/OHLC?pair=ETHUSD&interval=1440&since=${MAY_4 - 1}`,
  binance: `/api/v3/klines?symbol=ETHUSDT&interval=1d&startTime=${MAY_4}000&limit=1`,
};

describe("candles", () => {
  test("coinbase: time, low, high, open, close, volume as numbers", async () => {
    const exchange = await start("coinbase");
    expect((await get(exchange, CANDLE.coinbase)).body).toEqual([
      [MAY_4, 3253.63, 3431.09, 3431.09, 3253.63, 1000],
    ]);
  });

  test("coinbase: newest first, ISO dates, the latest without a range", async () => {
    const exchange = await start("coinbase");
    const times = async (query: string) =>
      ((await get(exchange, `/products/ETH-USD/candles?granularity=86400${query}`)).body as number[][]).map(
        ([t]) => t,
      );
    expect(await times("&start=2021-05-03T00:00:00Z&end=2021-05-04T12:00:00Z")).toEqual([
      MAY_4,
      MAY_4 - 86_400,
    ]);
    expect(await times("")).toEqual([MAY_4 + 86_400, MAY_4, MAY_4 - 86_400]);
  });

  test("kraken: under the pair's inner name, since is exclusive, last is the newest", async () => {
    const exchange = await start("kraken");
    const after = (since: number) => get(exchange, `/0/public/OHLC?pair=ETHUSD&interval=1440&since=${since}`);
    expect((await after(MAY_4 - 1)).body).toEqual({
      error: [],
      result: {
        XETHZUSD: [
          [MAY_4, "3431.09", "3431.09", "3253.63", "3253.63", "3342.36", "1000.00", 1],
          [MAY_4 + 86_400, "3253.63", "3522.78", "3253.63", "3522.78", "3388.205", "1000.00", 1],
        ],
        last: MAY_4 + 86_400,
      },
    });
    expect((await after(MAY_4 + 86_400)).body).toEqual({
      error: [],
      result: { XETHZUSD: [], last: MAY_4 + 86_400 },
    });
  });

  test("binance: milliseconds and eight decimals", async () => {
    const exchange = await start("binance");
    const { body } = await get(exchange, CANDLE.binance);
    expect((body as unknown[][])[0]?.slice(0, 7)).toEqual([
      MAY_4 * 1000,
      "3431.09000000",
      "3431.09000000",
      "3253.63000000",
      "3253.63000000",
      "1000.00000000",
      (MAY_4 + 86_400) * 1000 - 1,
    ]);
    expect(body).toHaveLength(1);
  });

  test.each(["coinbase", "kraken", "binance"] as const)(
    "%s: a day is told once it is over, not a second before",
    async (dialect) => {
      const during = await start(dialect, MAY_4 + 86_399);
      const after = await start(dialect, MAY_4 + 86_400);
      expect(JSON.stringify((await get(during, CANDLE[dialect])).body)).not.toContain("3253.63");
      expect(JSON.stringify((await get(after, CANDLE[dialect])).body)).toContain("3253.63");
    },
  );
});

test.each([
  ["coinbase", "/products/DOGE-EUR/candles", 404, { message: "NotFound" }],
  ["coinbase", "/products/ETH-USD/candles?granularity=7", 400, { message: "Unsupported granularity" }],
  [
    "coinbase",
    "/products/ETH-USD/candles?granularity=86400&start=1&end=99999999",
    400,
    {
      message:
        "granularity too small for the requested time range. Count of aggregations requested exceeds 300",
    },
  ],
  [
    "coinbase",
    "/products/ETH-USD/candles?granularity=86400&start=soon&end=2",
    400,
    { message: "Invalid start" },
  ],
  ["kraken", "/0/public/OHLC?pair=NOPE", 200, { error: ["EQuery:Unknown asset pair"] }],
  [
    "kraken",
    "/0/public/OHLC?pair=ETHUSD&interval=7",
    200,
    { error: ["EGeneral:Invalid arguments:interval"] },
  ],
  ["kraken", "/0/public/OHLC", 200, { error: ["EGeneral:Invalid arguments"] }],
  ["binance", "/api/v3/klines?symbol=NOPE&interval=1d", 400, { code: -1121, msg: "Invalid symbol." }],
  ["binance", "/api/v3/klines?symbol=ETHUSDT&interval=7d", 400, { code: -1120, msg: "Invalid interval." }],
  ["binance", "/api/v3/klines?interval=1d", 400, { code: -1102 }],
  ["binance", "/api/v3/klines?symbol=ETHUSDT&interval=1d&limit=x", 400, { code: -1100 }],
] as const)("%s refuses %s", async (dialect, path, status, body) => {
  expect(await get(await start(dialect), path)).toMatchObject({ status, body });
});

describe("faults", () => {
  test("each exchange's own words for too many requests and for a fault inside", async () => {
    const said = await Promise.all(
      (["coinbase", "kraken", "binance"] as const).map(async (dialect) => {
        const exchange = await start(dialect);
        exchange.fail({ kind: "rate_limited" });
        const limited = await get(exchange, CANDLE[dialect]);
        exchange.fail({ kind: "broken" });
        return [limited.status, limited.body, (await get(exchange, CANDLE[dialect])).status];
      }),
    );
    expect(said).toEqual([
      [429, { message: "Public rate limit exceeded" }, 500],
      [200, { error: ["EGeneral:Too many requests"] }, 503],
      [429, expect.objectContaining({ code: -1003 }), 500],
    ]);
  });

  test("down hangs up, and none brings it back", async () => {
    const exchange = await start("coinbase");
    exchange.fail({ kind: "down" });
    await expect(get(exchange, CANDLE.coinbase)).rejects.toThrow("fetch failed");
    exchange.fail({ kind: "none" });
    expect((await get(exchange, CANDLE.coinbase)).status).toBe(200);
    expect(exchange.requests()).toBe(2);
  });

  test("stall says nothing, and stopping does not wait for it", async () => {
    const exchange = await start("coinbase");
    exchange.fail({ kind: "stall" });
    await expect(fetch(exchange.url + CANDLE.coinbase, { signal: AbortSignal.timeout(150) })).rejects.toThrow(
      "timeout",
    );
    const hanging = fetch(exchange.url + CANDLE.coinbase).then(
      () => "answered",
      () => "hung up",
    );
    await expect.poll(() => exchange.requests()).toBe(2);
    await running.pop()?.stop();
    expect(await hanging).toBe("hung up");
  });

  test("slow answers rightly, late", async () => {
    const exchange = await start("coinbase");
    exchange.fail({ kind: "slow", milliseconds: 120 });
    const before = performance.now();
    expect((await get(exchange, CANDLE.coinbase)).body).toHaveLength(1);
    expect(performance.now() - before).toBeGreaterThan(110);
  });

  test("garbage is no JSON", async () => {
    const exchange = await start("kraken");
    exchange.fail({ kind: "garbage" });
    await expect(get(exchange, CANDLE.kraken)).rejects.toThrow(/JSON/);
  });

  test("huge is the right answer behind a mountain of spaces", async () => {
    const exchange = await start("coinbase");
    exchange.fail({ kind: "huge", bytes: 2_000_000 });
    const text = await (await fetch(exchange.url + CANDLE.coinbase)).text();
    expect(text.length).toBeGreaterThan(2_000_000);
    expect(JSON.parse(text)).toHaveLength(1);
  });

  test("lies by a factor and mistakes the unit", async () => {
    const exchange = await start("coinbase");
    const close = async () => ((await get(exchange, CANDLE.coinbase)).body as number[][])[0]?.[4];
    exchange.fail({ kind: "lie", factor: 1.5 });
    expect(await close()).toBe(4880.445);
    exchange.fail({ kind: "wrong_unit" });
    expect(await close()).toBe(325_363);
  });

  test("the control path sets and tells the fault, and refuses nonsense", async () => {
    const exchange = await start("coinbase");
    const put = (body: string) => fetch(`${exchange.url}/__control`, { method: "PUT", body });
    expect((await put('{"kind":"lie","factor":3}')).status).toBe(200);
    expect((await get(exchange, "/__control")).body).toEqual({
      fault: { kind: "lie", factor: 3 },
      requests: 0,
    });
    expect(await (await put('{"kind":"lie","factor":-3}')).json()).toMatchObject({
      message: expect.stringContaining("-3"),
    });
    expect((await put("{")).status).toBe(400);
    expect((await get(exchange, "/__control")).body).toMatchObject({ fault: { kind: "lie", factor: 3 } });
  });

  test("the control path does not exist unless asked for", async () => {
    const exchange = await startExchange({ dialect: "coinbase", series, now: () => MAY_4 });
    running.push(exchange);
    expect((await get(exchange, "/__control")).status).toBe(404);
  });
});
