import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Announcer } from "../components/announcer.tsx";
import { LinkButton } from "../components/button.tsx";
import { PlusIcon } from "../components/icons.tsx";
import { Mark } from "../components/mark.tsx";
import { useConnection } from "../connection.ts";
import { AccountButton } from "../features/wallet/account-button.tsx";
import { StartOffer } from "../features/wallet/start-offer.tsx";
import { WalletHost } from "../features/wallet/wallet-host.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";
import { useNetwork } from "./use-network.ts";

const NAV = [
  { to: "/", label: "Markets" },
  { to: "/portfolio", label: "Portfolio" },
  { to: "/activity", label: "Activity" },
  { to: "/providers", label: "Providers" },
  { to: "/feeds", label: "Feeds", narrow: false },
  { to: "/disputes", label: "Disputes", narrow: false },
  { to: "/security", label: "Security", narrow: false },
] as const satisfies readonly { to: string; label: string; narrow?: false }[];
const WIDTH = "mx-auto w-full max-w-[74rem] px-4 sm:px-6";

/** The frame of every page. */
export function AppShell() {
  return (
    <WalletHost>
      <a
        href="#main"
        className="sr-only rounded-md bg-accent font-semibold text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:px-4 focus:py-2"
      >
        Skip to content
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
    <header className="border-b border-rule bg-surface">
      <div className={`${WIDTH} flex flex-wrap items-center gap-x-6 xl:gap-x-4`}>
        <Link to="/" className="flex min-h-14 items-center gap-2" aria-label="Sooth, all markets">
          <Mark className="size-6" />
          <span className="font-serif text-[1.6rem] leading-none font-semibold tracking-tight">Sooth</span>
        </Link>
        <nav aria-label="Main" className="order-last -mx-2 flex w-full sm:order-none sm:mx-0 sm:w-auto">
          {NAV.map(({ to, label, ...rest }) => (
            <Link
              key={to}
              to={to}
              className={`${"narrow" in rest ? "hidden xl:flex" : "flex"} min-h-11 flex-1 items-center justify-center border-b-2 border-transparent px-2 text-[0.9375rem] text-ink-2 hover:text-ink sm:min-h-14 sm:flex-none sm:px-3 xl:px-2.5`}
              activeProps={{ className: "border-b-accent! font-semibold text-ink!" }}
              activeOptions={{ exact: to === "/", includeSearch: false }}
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-1 sm:gap-2">
          <NetworkBadge />
          <ThemeToggle />
          <LinkButton to="/create" size="small" className="max-lg:hidden">
            <PlusIcon />
            Ask a question
          </LinkButton>
          <AccountButton />
        </div>
      </div>
    </header>
  );
}

function NetworkBadge() {
  const { hub } = useNetwork();
  if (hub.name === "") return null;
  return (
    <span
      className="hidden rounded-full border border-gold/50 bg-gold-wash px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap text-gold md:inline"
      title={hub.local ? `Local network, chain ${hub.chainId}` : `Chain ${hub.chainId}`}
    >
      {hub.local ? "Test money" : hub.name}
    </span>
  );
}

function OfflineBanner() {
  const connection = useConnection();
  return (
    <div role="status" aria-live="assertive">
      {connection === "lost" && (
        <p className="bg-gold-wash px-4 py-2 text-center text-sm font-semibold text-gold">
          No connection to the server. You see what was last known; trying again…
        </p>
      )}
    </div>
  );
}

/** After a change of page the focus goes to its start, as it would after a page load. */
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
    <main id="main" ref={main} tabIndex={-1} className={`${WIDTH} flex-1 py-6 outline-none sm:py-9`}>
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
          Staked providers answer, contracts pay. No key can set an answer, and anyone can recompute every
          pay-out from the chain.
        </p>
        <p className="num">
          {hub.name !== "" && `Chain ${hub.chainId} · Markets ${addresses.markets.slice(0, 8)}… · `}
          <Link to="/feeds" className="underline underline-offset-4">
            Feeds
          </Link>
          {" · "}
          <Link to="/disputes" className="underline underline-offset-4">
            Disputes
          </Link>
          {" · "}
          <Link to="/security" className="underline underline-offset-4">
            Security
          </Link>
          {" · "}
          <a href="/docs" className="underline underline-offset-4">
            API
          </a>
        </p>
      </div>
    </footer>
  );
}
