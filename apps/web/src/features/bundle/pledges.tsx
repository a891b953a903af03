import type { Pledge } from "../../api.ts";

/** The promise word for word, and what is expressly not promised. */
export function Pledges({ pledges }: { pledges: readonly Pledge[] }) {
  const [kept, not] = [pledges.filter((one) => one.kept), pledges.filter((one) => !one.kept)];
  return (
    <div className="grid gap-3 text-[0.9375rem]">
      <List pledges={kept} look="border-accent" />
      {not.length > 0 && (
        <div>
          <p className="mb-1.5 font-semibold">What is not promised</p>
          <List pledges={not} look="border-gold" />
        </div>
      )}
    </div>
  );
}

function List({ pledges, look }: { pledges: readonly Pledge[]; look: string }) {
  return (
    <ul className="grid gap-2">
      {pledges.map(({ id, says }) => (
        <li key={id} className={`border-l-2 pl-3 ${look}`}>
          <span className="num mr-1.5 text-sm font-semibold text-ink-2">{id}</span>
          {says}
        </li>
      ))}
    </ul>
  );
}
