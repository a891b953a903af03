import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Announcer } from "../components/announcer.tsx";
import { LinkButton } from "../components/button.tsx";
import { PlusIcon } from "../components/icons.tsx";
import { Mark } from "../components/mark.tsx";
import { useConnection } from "../connection.ts";
import { FRAME } from "../first-pages.ts";
import { Bell } from "../features/news/bell.tsx";
import { AccountButton } from "../features/wallet/account-button.tsx";
import { StartOffer } from "../features/wallet/start-offer.tsx";
import { WalletHost } from "../features/wallet/wallet-host.tsx";
import { LanguageChoice } from "./language-choice.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";
import { useNetwork } from "./use-network.ts";

const NAV = [
  { to: "/", label: msg`Markets` },
  { to: "/opinions", label: msg`Opinions` },
  { to: "/portfolio", label: msg`Portfolio` },
  { to: "/providers", label: msg`Providers` },
] as const;
/** Under one word: what fewer people look for. */
const MORE = [
  { to: "/bundles", label: msg`Bundles` },
  { to: "/activity", label: msg`Activity` },
  { to: "/leaderboard", label: msg`Leaderboard` },
  { to: "/feeds", label: msg`Feeds` },
  { to: "/disputes", label: msg`Disputes` },
  { to: "/security", label: msg`Security` },
  { to: "/solvency", label: msg`Solvency` },
  { to: "/desk", label: msg`Operator desk` },
] as const;
const TAB =
  "min-h-11 flex-1 items-center justify-center border-b-2 px-1 text-[0.9375rem] hover:text-ink min-[24rem]:px-2 sm:min-h-14 sm:flex-none sm:px-3 xl:px-2.5";
const WIDTH = FRAME.width;

/** The frame of every page. */
export function AppShell() {
  return (
    <WalletHost>
      <a
        href="#main"
        className="sr-only rounded-md bg-accent font-semibold text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:px-4 focus:py-2"
      >
        {t`Skip to content`}
      </a>
      <Header />
      <OfflineBanner />
      <StartOffer className={WIDTH} />
      <Main />
      <Footer />
      <Announcer />
    </WalletHost>
  );
}

function Header() {
  return (
    <header className={FRAME.header}>
      <div className={`${WIDTH} ${FRAME.bar}`}>
        <Link to="/" className={FRAME.brand} aria-label={t`Sooth, all markets`}>
          <Mark className={FRAME.mark} />
          <span className={FRAME.name}>Sooth</span>
        </Link>
        <nav aria-label={t`Main`} className="order-last -mx-2 flex w-full sm:order-none sm:mx-0 sm:w-auto">
          {NAV.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              className={`flex ${TAB} border-transparent text-ink-2`}
              activeProps={{ className: "border-b-accent! font-semibold text-ink!" }}
              activeOptions={{ exact: to === "/", includeSearch: false }}
            >
              {i18n._(label)}
            </Link>
          ))}
          <More />
        </nav>
        <div className="ml-auto flex items-center gap-1 sm:gap-2">
          <NetworkBadge />
          <ThemeToggle />
          <LinkButton to="/create" size="small" className="max-lg:hidden">
            <PlusIcon />
            {t`Ask a question`}
          </LinkButton>
          <Bell />
          <AccountButton />
        </div>
      </div>
    </header>
  );
}

/** The rest of the pages: the browser's own disclosure, which closes on Escape and on whatever is chosen. */
function More() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const details = useRef<HTMLDetailsElement>(null);
  const close = () => details.current?.removeAttribute("open");
  const isHere = MORE.some(({ to }) => path.startsWith(to));
  return (
    <details
      ref={details}
      className="relative flex flex-1 sm:flex-none"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        close();
        details.current?.querySelector("summary")?.focus();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <summary
        className={`flex cursor-pointer list-none [&::-webkit-details-marker]:hidden ${TAB} ${isHere ? "border-b-accent font-semibold text-ink" : "border-transparent text-ink-2"}`}
      >
        {t`More`}
      </summary>
      <ul className="panel absolute top-full right-0 z-40 mt-1 min-w-40 py-1 shadow-2xl">
        {MORE.map(({ to, label }) => (
          <li key={to}>
            <Link
              to={to}
              onClick={close}
              className="flex min-h-11 items-center px-4 text-[0.9375rem] hover:bg-sunken"
              activeProps={{ className: "font-semibold text-accent" }}
            >
              {i18n._(label)}
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

function NetworkBadge() {
  const { hub } = useNetwork();
  if (hub.name === "") return null;
  return (
    <span
      className="hidden rounded-full border border-gold/50 bg-gold-wash px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap text-gold md:inline"
      title={hub.local ? t`Local network, chain ${hub.chainId}` : t`Chain ${hub.chainId}`}
    >
      {hub.local ? t`Test money` : hub.name}
    </span>
  );
}

function OfflineBanner() {
  const connection = useConnection();
  return (
    <div role="status" aria-live="assertive">
      {connection === "lost" && (
        <p className="bg-gold-wash px-4 py-2 text-center text-sm font-semibold text-gold">
          {t`No connection to the server. You see what was last known; trying again…`}
        </p>
      )}
    </div>
  );
}

/**
 * After a change of page the focus goes to its start, as it would after a page load. As high as the screen at least:
 * the footer does not jump when what is waited for comes.
 */
function Main() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <main id="main" ref={main} tabIndex={-1} className={`${WIDTH} ${FRAME.main}`}>
      <Outlet />
    </main>
  );
}

function Footer() {
  const { addresses, hub } = useNetwork();
  return (
    <footer className="border-t border-rule text-sm text-ink-2">
      <div className={`${WIDTH} flex flex-wrap justify-between gap-x-8 gap-y-3 py-6`}>
        <p className="max-w-[60ch]">
          <Trans>
            Staked providers answer, contracts pay. No key can set an answer, and anyone can recompute every
            pay-out from the chain.
          </Trans>
        </p>
        <p className="num">
          {hub.name !== "" && `${t`Chain ${hub.chainId} · Markets ${addresses.markets.slice(0, 8)}…`} · `}
          <Link to="/feeds" className="underline underline-offset-4">
            {t`Feeds`}
          </Link>
          {" · "}
          <Link to="/disputes" className="underline underline-offset-4">
            {t`Disputes`}
          </Link>
          {" · "}
          <Link to="/security" className="underline underline-offset-4">
            {t`Security`}
          </Link>
          {" · "}
          <Link to="/solvency" className="underline underline-offset-4">
            {t`Solvency`}
          </Link>
          {" · "}
          <a href="/docs" className="underline underline-offset-4">
            API
          </a>
        </p>
        <LanguageChoice />
      </div>
    </footer>
  );
}
