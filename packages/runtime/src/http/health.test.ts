import { expect, test } from "vitest";
import { running, told } from "../../test/http.ts";
import type { HealthComponent } from "../check.ts";

const part = (name: string, critical: boolean, check: HealthComponent["check"]): HealthComponent => ({
  name,
  critical,
  check,
});
type Health = {
  status: string;
  version: string;
  components: Record<string, { ok: boolean; found?: string; ms: number }>;
};

test("ok, degraded, down", async () => {
  let database = true;
  let source = true;
  const components = [
    part("database", true, async () =>
      database ? { ok: true, detail: { connections: 3 } } : { ok: false, found: "refused" },
    ),
    part("source", false, async () => {
      if (!source) throw new Error("source is away");
      return { ok: true };
    }),
  ];
  const health = async () => {
    // Each time its own app, since a result is kept for a second.
    const { url } = await running({ components });
    const answer = await fetch(`${url}/health`);
    return { code: answer.status, ...((await answer.json()) as Health) };
  };
  expect(await health()).toMatchObject({
    code: 200,
    status: "ok",
    version: "1.2.3",
    components: { database: { ok: true, critical: true, detail: { connections: 3 } } },
  });
  source = false;
  expect(await health()).toMatchObject({
    code: 200,
    status: "degraded",
    components: { source: { ok: false, found: "source is away" } },
  });
  database = false;
  expect(await health()).toMatchObject({
    code: 503,
    status: "down",
    components: { database: { ok: false, found: "refused" } },
  });
});

test("a part that hangs has failed after two seconds, and was asked once for all who ask", async () => {
  let asked = 0;
  let aborted = false;
  const { url } = await running({
    components: [
      part("chain", true, (signal) => {
        asked += 1;
        signal.addEventListener("abort", () => (aborted = true));
        return new Promise(() => {});
      }),
    ],
  });
  const answers = await Promise.all([fetch(`${url}/health`), fetch(`${url}/health`)]);
  const bodies = await Promise.all(answers.map(async (answer) => (await answer.json()) as Health));
  expect(answers.map((answer) => answer.status)).toEqual([503, 503]);
  expect(bodies[0]?.components["chain"]?.found).toBe("no answer within 2000 ms");
  expect([asked, aborted]).toEqual([1, true]);
});

test("ready follows the process, metrics are printed", async () => {
  let started = false;
  const { url } = await running({ ready: () => started });
  expect(await told(fetch(`${url}/ready`))).toBe("503 http.not_ready");
  started = true;
  expect(await (await fetch(`${url}/ready`)).json()).toEqual({ ready: true });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain("# TYPE http_request_seconds histogram");
  expect(metrics).toMatch(/http_request_seconds_count\{method="GET",route="\/ready",status="5xx"\} [1-9]/);
  expect(metrics).toMatch(
    /http_request_seconds_bucket\{le="\+Inf",method="GET",route="\/ready",status="2xx"\} [1-9]/,
  );
  expect(metrics).toContain("process_resident_memory_bytes");
});
