import { expect, test } from "vitest";
import { alert, alerts, counter, gauge, histogram, registry } from "./metrics.ts";

test("counts, by name and labels, and alerts name metrics by reference", async () => {
  const rejected = counter("test_rejected_total", "Refused", ["reason"]);
  const open = gauge("test_open", "Open");
  const took = histogram("test_seconds", "Took", ["step"], [1, 2]);
  rejected.inc({ reason: "late" }, 2);
  open.set(3);
  took.observe({ step: "a" }, 1.5);
  const text = await registry.metrics();
  expect(text).toContain('test_rejected_total{reason="late"} 2');
  expect(text).toContain("test_open 3");
  expect(text).toContain('test_seconds_bucket{le="2",step="a"} 1');
  const row = alert({
    id: "test.rejected",
    severity: "page",
    forSeconds: 60,
    when: `increase(${rejected.metric}[5m]) > 0`,
    runbook: "docs/runbooks/test.md#rejected",
  });
  expect(row.when).toBe("increase(test_rejected_total[5m]) > 0");
  expect(alerts).toContain(row);
});
