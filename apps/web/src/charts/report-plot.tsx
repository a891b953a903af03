import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { kindOf, labelOf } from "@sooth/oracle/core";
import { isOpenReport, type OpenReport, type QuestionDetail } from "../api.ts";
import { useWidth } from "./use-width.ts";
import { sayAnswer } from "../languages/answer-words.ts";

type Plotted = { question: QuestionDetail; reports: readonly OpenReport[] };
type Group = { label: string; value: string; weight: bigint; reports: OpenReport[] };

/** How the reports stand to each other: weight by value for a choice, a number line for a number. */
export function ReportPlot({ question }: { question: QuestionDetail }) {
  const reports = question.reports.filter(isOpenReport);
  if (question.reports.length === 0) return null;
  if (reports.length === 0)
    return (
      <p className="text-ink-2">
        <Trans>
          What providers said is sealed until the question is answered, so that nobody can copy it.
        </Trans>
      </p>
    );
  return kindOf(question.schema).sizeOf ? (
    <NumberLine question={question} reports={reports} />
  ) : (
    <WeightBars question={question} reports={reports} />
  );
}

function groupsOf(reports: readonly OpenReport[]): Group[] {
  const groups = new Map<string, Group>();
  for (const report of reports) {
    const group = groups.get(report.value) ?? {
      label: sayAnswer(report.label),
      value: report.value,
      weight: 0n,
      reports: [],
    };
    group.reports.push(report);
    group.weight += BigInt(report.weight);
    groups.set(report.value, group);
  }
  return [...groups.values()].toSorted((a, b) => (a.weight > b.weight ? -1 : 1));
}

const partOf = (weight: bigint, total: bigint) => (total === 0n ? 0 : Number((weight * 1_000n) / total) / 10);

/** Each answer's weight as a bar of its seats; the line marks the half that a plurality must pass. */
function WeightBars({ question, reports }: Plotted) {
  const total = BigInt(question.totalWeight ?? "0") || sum(reports);
  return (
    <ul className="grid gap-3" aria-label={t`Weight behind each answer`}>
      {groupsOf(reports).map((group) => (
        <li key={group.value}>
          <p className="flex justify-between gap-4 text-[0.9375rem]">
            <b>{group.label}</b>
            <span className="num">{t`${partOf(group.weight, total)}% of all weight`}</span>
          </p>
          <div className="relative mt-1 flex h-6 gap-px rounded-sm bg-sunken" aria-hidden="true">
            {group.reports.map((report) => (
              <span
                key={report.seat}
                className={`grid place-items-center overflow-hidden text-xs font-semibold text-on-accent first:rounded-l-sm ${group.value === question.value ? "bg-accent" : "bg-ink-3"}`}
                style={{ width: `${partOf(BigInt(report.weight), total)}%` }}
              >
                {report.seat}
              </span>
            ))}
            <span className="absolute inset-y-[-4px] left-1/2 w-0.5 bg-ink" />
          </div>
        </li>
      ))}
      <li className="text-sm text-ink-3">
        <Trans>
          Two thirds of all weight have to sign, and more than half of it the same: the line marks half.
          Numbers are seats.
        </Trans>
      </li>
    </ul>
  );
}

const HEIGHT = 150;
const BASE = 104;
const EDGE = 46;

/** Every report on a number line, as high as its weight; the median, which is the answer, is marked. */
function NumberLine({ question, reports }: Plotted) {
  const [frame, width] = useWidth<HTMLDivElement>(600);
  const { schema } = question;
  const shown = reports.filter((report) => isMeasure(report.value));
  const values = shown.map(({ value }) => BigInt(value));
  const [low, high] = [min(values), max(values)];
  const span = high - low;
  const x = (value: bigint) =>
    span === 0n ? width / 2 : EDGE + Number(((value - low) * 10_000n) / span) * ((width - 2 * EDGE) / 10_000);
  const heaviest = max(shown.map(({ weight }) => BigInt(weight)));
  const height = (weight: bigint) => (heaviest === 0n ? 30 : 16 + Number((weight * 56n) / heaviest));
  const answer = question.value;
  return (
    <div ref={frame}>
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        className="block"
        role="img"
        aria-label={
          question.label === null
            ? t`Reports from ${labelOf(low, schema)} to ${labelOf(high, schema)}`
            : t`Reports from ${labelOf(low, schema)} to ${labelOf(high, schema)}, answer ${sayAnswer(question.label)}`
        }
      >
        <line x1={8} x2={width - 8} y1={BASE} y2={BASE} stroke="var(--rule-2)" />
        {answer !== null && isMeasure(answer) && (
          <g>
            <line
              x1={x(BigInt(answer))}
              x2={x(BigInt(answer))}
              y1={8}
              y2={BASE + 8}
              stroke="var(--s-3)"
              strokeWidth="2"
            />
            <text
              x={Math.min(Math.max(x(BigInt(answer)), 60), width - 60)}
              y={BASE + 38}
              fontSize="12"
              fontWeight="600"
              fill="var(--ink)"
              textAnchor="middle"
              className="num"
            >
              {t`answer ${sayAnswer(question.label ?? "")}`}
            </text>
          </g>
        )}
        {shown.map((report, index) => {
          const top = BASE - height(BigInt(report.weight));
          // Reports of one value would cover each other: each next one stands a little aside.
          const same = shown.slice(0, index).filter(({ value }) => value === report.value).length;
          const at = x(BigInt(report.value)) + same * 18;
          return (
            <g key={report.seat} opacity={report.counted || answer === null ? 1 : 0.45}>
              <line x1={at} x2={at} y1={BASE} y2={top} stroke="var(--accent)" strokeWidth="2" />
              <circle cx={at} cy={top} r="9" fill="var(--accent)" />
              <text
                x={at}
                y={top + 4}
                fontSize="11"
                fontWeight="700"
                textAnchor="middle"
                fill="var(--on-accent)"
              >
                {report.seat}
              </text>
            </g>
          );
        })}
        <text x={x(low)} y={BASE + 20} fontSize="11" fill="var(--ink-3)" textAnchor="middle" className="num">
          {labelOf(low, { ...schema, unit: "" })}
        </text>
        <text x={x(high)} y={BASE + 20} fontSize="11" fill="var(--ink-3)" textAnchor="end" className="num">
          {span === 0n ? "" : labelOf(high, { ...schema, unit: "" })}
        </text>
      </svg>
      <p className="text-sm text-ink-3">{t`Numbers are seats; the higher, the more weight.`}</p>
    </div>
  );
}

// "Too early" and "invalid" are signed as values far outside of every question's bounds.
const isMeasure = (value: string) => BigInt(value) > -(2n ** 95n) + 1n;
const sum = (reports: readonly OpenReport[]) =>
  reports.reduce((total, { weight }) => total + BigInt(weight), 0n);
const min = (values: readonly bigint[]) =>
  values.reduce((least, value) => (value < least ? value : least), values[0] ?? 0n);
const max = (values: readonly bigint[]) =>
  values.reduce((most, value) => (value > most ? value : most), values[0] ?? 0n);
