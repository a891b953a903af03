import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
const DOMAINS = Array.from({ length: 16 }, (_, domain) => domain);

/** Which signer sets somebody wants to belong to. One stake stands behind all of them. */
export function DomainPicker({
  picked,
  onChange,
}: {
  picked: readonly number[];
  onChange: (picked: readonly number[]) => void;
}) {
  const toggle = (domain: number) =>
    onChange(
      (picked.includes(domain) ? picked.filter((other) => other !== domain) : [...picked, domain]).toSorted(
        (a, b) => a - b,
      ),
    );
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">{t`Domains`}</legend>
      <div className="grid grid-cols-8 gap-1.5">
        {DOMAINS.map((domain) => (
          <label
            key={domain}
            className="num grid min-h-10 cursor-pointer place-items-center rounded-md border border-rule-2 bg-surface text-sm font-semibold has-checked:border-accent has-checked:bg-accent has-checked:text-on-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
          >
            <input
              type="checkbox"
              className="sr-only"
              checked={picked.includes(domain)}
              onChange={() => toggle(domain)}
              aria-label={t`Domain ${domain}`}
            />
            {domain}
          </label>
        ))}
      </div>
      <p className="mt-1.5 text-sm text-ink-3">
        <Trans>
          A question names the domain that answers it. Serve those whose sources your node can read; missed
          answers count against you.
        </Trans>
      </p>
    </fieldset>
  );
}
