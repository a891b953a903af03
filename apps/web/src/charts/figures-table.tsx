import { t } from "@lingui/core/macro";
import { useId, type ReactNode } from "react";

/** The numbers of a drawing, folded away below it: for who reads, or hears, rather than sees them. */
export function FiguresTable({
  caption,
  head,
  rows,
  tall = false,
}: {
  caption: string;
  /** The first names the rows. */
  head: readonly { key: string | number; label: string }[];
  rows: readonly { key: string | number; name: ReactNode; cells: readonly ReactNode[] }[];
  tall?: boolean;
}) {
  const id = useId();
  return (
    <details className="mt-1 text-sm">
      <summary className="w-fit font-semibold text-accent">{t`Show as a table`}</summary>
      <div
        className={`mt-2 overflow-auto rounded-md border border-rule ${tall ? "max-h-72" : "max-h-60"}`}
        tabIndex={0}
        role="region"
        aria-labelledby={id}
      >
        <table className="num w-full text-right">
          <caption id={id} className="sr-only">
            {caption}
          </caption>
          <thead className="sticky top-0 bg-sunken">
            <tr>
              {head.map(({ key, label }, place) => (
                <th
                  key={key}
                  scope="col"
                  className={`px-3 py-1.5 font-semibold whitespace-nowrap ${place === 0 ? "text-left" : ""}`}
                >
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, cells }) => (
              <tr key={key} className="border-t border-rule">
                <th scope="row" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                  {name}
                </th>
                {cells.map((cell, place) => (
                  <td key={head[place + 1]?.key ?? place} className="px-3 py-1.5">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
