import { t } from "@lingui/core/macro";
import { sameAddress } from "@sooth/kernel";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import type { OpinionFilters } from "../../api.ts";
import { SelectField } from "../../components/field.tsx";
import { FilterIcon } from "../../components/icons.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { FILTERS } from "../../first-pages.ts";
import { formatPercent, grouped } from "../../format/amount.ts";
import { shortHex } from "../../format/hex.ts";
import { formatDuration } from "../../format/time.ts";
import { CLOSINGS, CONFIDENCES, FURTHER, LEAST_STAKED, orderOf } from "../../pages/opinion-filters.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { useWalletNames } from "../wallet/use-wallet-names.ts";
import { useWallet } from "../wallet/wallet-context.tsx";
import { OPINION_STATUSES, opinionStatusText } from "./opinion-status.tsx";

type Change = (change: OpinionFilters) => void;

/** What the list of statements is narrowed to, all of it in the address; what is seldom asked for stands behind a button. */
export function OpinionListFilters({ filters }: { filters: OpinionFilters }) {
  const navigate = useNavigate({ from: "/opinions" });
  const set: Change = (change) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true, resetScroll: false });
  const find = useCallback(
    (search: string | undefined) =>
      void navigate({ search: (old) => ({ ...old, search }), replace: true, resetScroll: false }),
    [navigate],
  );
  const further = FURTHER.filter((name) => filters[name] !== undefined).length;
  const [open, setOpen] = useState(further > 0);
  return (
    <form role="search" className={FILTERS.opinions} onSubmit={(event) => event.preventDefault()}>
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] gap-2 md:grid-cols-[minmax(0,1fr)_auto_auto_auto]">
        <div className="col-span-3 md:col-span-1">
          <SearchField label={t`Search statements and opinions`} search={filters.search} onSearch={find} />
        </div>
        <SelectField
          quietLabel
          label={t`Status`}
          value={filters.status ?? ""}
          onChange={({ target: { value } }) => set({ status: value === "" ? undefined : (value as "open") })}
        >
          <option value="">{t`Any status`}</option>
          {OPINION_STATUSES.map((status) => (
            <option key={status} value={status}>
              {opinionStatusText(status)}
            </option>
          ))}
        </SelectField>
        <SelectField
          quietLabel
          label={t`Order`}
          value={orderOf(filters)}
          onChange={({ target: { value } }) => set({ sort: value as "volume" })}
        >
          {filters.search !== undefined && <option value="relevance">{t`Best match`}</option>}
          <option value="volume">{t`Largest`}</option>
          <option value="closing">{t`Closing soon`}</option>
          <option value="newest">{t`Newest`}</option>
        </SelectField>
        <button
          type="button"
          className="field flex w-11 items-center justify-center px-0 text-xl text-ink-2 hover:text-ink aria-expanded:text-accent"
          aria-expanded={open}
          aria-controls="further-filters"
          aria-label={further === 0 ? t`More filters` : t`More filters, ${further} set`}
          title={t`More filters`}
          onClick={() => setOpen(!open)}
        >
          <FilterIcon />
          {further > 0 && <span className="num ml-0.5 text-sm font-semibold">{further}</span>}
        </button>
      </div>
      <div id="further-filters" hidden={!open}>
        {open && <Further filters={filters} set={set} />}
      </div>
    </form>
  );
}

function Further({ filters, set }: { filters: OpinionFilters; set: Change }) {
  const { collateral } = useNetwork();
  const own = useWallet().account?.address;
  const unit = 10n ** BigInt(collateral.decimals);
  const staked = LEAST_STAKED.map((whole) => String(BigInt(whole) * unit));
  return (
    <div className="mt-2 grid grid-cols-2 gap-2 md:grid-cols-5">
      <div className="col-span-2 md:col-span-1">
        <Whose filters={filters} set={set} own={own} />
      </div>
      <SelectField
        label={t`Stances`}
        value={filters.stances ?? ""}
        onChange={({ target: { value } }) => set({ stances: value === "" ? undefined : (value as "open") })}
      >
        <option value="">{t`Open or hidden`}</option>
        <option value="open">{t`Open`}</option>
        <option value="hidden">{t`Hidden until it closes`}</option>
      </SelectField>
      <SelectField
        label={t`Closes`}
        value={filters.closesWithin ?? ""}
        onChange={({ target: { value } }) => set({ closesWithin: value === "" ? undefined : Number(value) })}
      >
        <option value="">{t`At any time`}</option>
        {CLOSINGS.map((seconds) => (
          <option key={seconds} value={seconds}>
            {t`Within ${formatDuration(seconds)}`}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t`Staked in all`}
        value={filters.leastVolume ?? ""}
        onChange={({ target: { value } }) => set({ leastVolume: value === "" ? undefined : value })}
      >
        <option value="">{t`Any amount`}</option>
        {filters.leastVolume !== undefined && !staked.includes(filters.leastVolume) && (
          <option value={filters.leastVolume}>{t`As the link says`}</option>
        )}
        {LEAST_STAKED.map((whole, index) => (
          <option key={whole} value={staked[index]}>
            {t`${grouped(String(whole))} ${collateral.symbol} or more`}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t`Confidence of the score`}
        value={filters.leastConfidence ?? ""}
        onChange={({ target: { value } }) =>
          set({ leastConfidence: value === "" ? undefined : Number(value) })
        }
      >
        <option value="">{t`Any, or none yet`}</option>
        {CONFIDENCES.map((bps) => (
          <option key={bps} value={bps}>
            {t`${formatPercent(bps)} or more`}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

/** By whom it is put up, or who staked on it: of the connected wallet, and of whomever the link names. */
function Whose({
  filters: { creator, staker },
  set,
  own,
}: {
  filters: OpinionFilters;
  set: Change;
  own: string | undefined;
}) {
  const isOwn = (address: string | undefined) =>
    own !== undefined && address !== undefined && sameAddress(own, address);
  const names = useWalletNames();
  const who = (address: string) => names(address) ?? shortHex(address);
  const asked = creator !== undefined ? "creator" : staker !== undefined ? "staker" : "";
  const named = creator ?? staker;
  const value = asked === "" ? "" : isOwn(named) ? asked : "named";
  return (
    <SelectField
      label={t`Whose`}
      value={value}
      onChange={({ target }) => {
        if (target.value === "named") return;
        set({
          creator: target.value === "creator" ? own : undefined,
          staker: target.value === "staker" ? own : undefined,
        });
      }}
    >
      <option value="">{t`Everybody’s`}</option>
      {own !== undefined && <option value="staker">{t`That I staked on`}</option>}
      {own !== undefined && <option value="creator">{t`That I put up`}</option>}
      {value === "named" && named !== undefined && (
        <option value="named">
          {creator === undefined ? t`Staked on by ${who(named)}` : t`Put up by ${who(named)}`}
        </option>
      )}
    </SelectField>
  );
}
