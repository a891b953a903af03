import type { errorTables } from "@sooth/kernel";
import type { alerts, ConfigKey, registry } from "@sooth/runtime";

const NOTE = "<!-- Written by `npm run gen`. Do not edit. -->";
const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

/** docs/config.md */
export function configPage(keys: readonly ConfigKey[]): string {
  const rows = keys.map((key) => [
    `\`${key.key}\``,
    key.purpose,
    key.required ? "must be set" : key.default === "" ? "" : `\`${key.default}\``,
    key.secret ? "yes" : "",
  ]);
  return `${NOTE}\n\n# Configuration\n\nEvery key is read from the environment once, at the start; an empty value counts as absent. Values of secrets are never printed.\n\n${table(["Key", "What it is for", "Default", "Secret"], rows)}\n`;
}

/** .env.example: every key with its purpose, none of them set. */
export const envExample = (keys: readonly ConfigKey[]): string =>
  [
    "# Written by `npm run gen`. Copy what you need into your own environment.",
    ...keys.map(
      (key) => `# ${key.purpose}${key.required ? " (must be set)" : ""}\n#${key.key}=${key.default}`,
    ),
  ].join("\n\n") + "\n";

/** docs/errors.md. Each sentence is shown with the names of its values in braces. */
export function errorsPage(tables: typeof errorTables): string {
  const sections = tables
    .filter(({ rows }) => Object.keys(rows).length > 0)
    .toSorted((a, b) => (a.slice < b.slice ? -1 : 1))
    .map(({ slice, rows }) => {
      const lines = Object.entries(rows).map(([name, error]) => [
        `\`${slice}.${name}\``,
        String(error.status),
        error.retry ? "later" : "",
        (error.text as (data: unknown) => string)(nameOfValues("")),
      ]);
      return `## ${slice}\n\n${table(["Code", "Status", "Try again", "Message"], lines)}`;
    });
  return `${NOTE}\n\n# Errors\n\nAn answer that is not a success carries \`{ "error": { "code", "message", "data", "requestId" } }\`. Codes are stable; messages may change. Where it says "later", the same call may succeed after \`retry-after\` seconds. A code \`oracle.round_closed\` pairs with the contract's error \`Oracle_RoundClosed\`.\n\n${sections.join("\n\n")}\n`;
}

/** Stands for any value of an error's data: as text it is its own name in braces, whatever is done to it on the way. */
function nameOfValues(name: string): unknown {
  return new Proxy(() => {}, {
    get: (_, member) =>
      member === Symbol.toPrimitive || member === "toString"
        ? () => `{${name}}`
        : nameOfValues(name === "" ? String(member) : name),
    apply: () => nameOfValues(name),
  });
}

/** docs/metrics.md: what is counted, and when somebody is told. */
export async function metricsPage(metrics: typeof registry, rows: typeof alerts): Promise<string> {
  const all = await metrics.getMetricsAsJSON();
  const own = all
    .filter(({ name }) => !/^(process|nodejs)_/.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, help }) => [`\`${name}\``, String(type), help, labelsOf(metrics, name)]);
  const told = rows
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((one) => [
      `\`${one.id}\``,
      one.severity,
      `\`${one.when}\``,
      `${one.forSeconds} s`,
      `\`${one.runbook}\``,
    ]);
  return `${NOTE}\n\n# Metrics\n\n\`/metrics\` of every process prints these, and the \`process_*\` and \`nodejs_*\` figures of prom-client.\n\n${table(["Name", "Kind", "What it counts", "Labels"], own)}\n\n# Alerts\n\n${table(["Id", "Severity", "When", "For", "Runbook"], told)}\n`;
}

function labelsOf(metrics: typeof registry, name: string): string {
  const { labelNames } = metrics.getSingleMetric(name) as unknown as { labelNames?: readonly string[] };
  return (labelNames ?? []).map((label) => `\`${label}\``).join(", ");
}
