import { t } from "@lingui/core/macro";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { Network } from "../../api.ts";
import { browserStore } from "../../browser-store.ts";
import { announce } from "../../components/announcer.tsx";
import { networkQuery, queryClient } from "../../queries.ts";
import { useNetwork } from "../../shell/use-network.ts";
import { ConnectDialog } from "./connect-dialog.tsx";
import type { WalletEngine, WalletState } from "./engine.ts";
import { STORED_TEST_WALLET } from "./stored.ts";
import { WalletContext, type Wallet } from "./wallet-context.tsx";

const NOBODY: WalletState = { account: undefined, choices: [] };

/**
 * Offers wallets to every page below. Their libraries are half of all scripts, and most visitors only read: they are
 * fetched when something of a wallet is asked for, or when this browser was connected before.
 */
export function WalletHost({ children }: { children: ReactNode }) {
  const network = useNetwork();
  const [state, setState] = useState(NOBODY);
  const [loaded, setLoaded] = useState(false);
  const [asking, setAsking] = useState(false);
  const [remembered] = useState(wasConnected);
  const loading = useRef<Promise<WalletEngine>>(undefined);

  const engine = useCallback((): Promise<WalletEngine> => {
    loading.current ??= open(setState).then((made) => {
      setLoaded(true);
      return made;
    });
    loading.current.catch(() => (loading.current = undefined));
    return loading.current;
  }, []);
  useEffect(() => {
    if (!remembered && !asking) return;
    engine().catch(() => {
      setAsking(false);
      announce(t`The part of this page that speaks with wallets could not be loaded. Try again.`);
    });
  }, [remembered, asking, engine]);

  const wallet = useMemo<Wallet>(
    () => ({
      ready: loaded || !remembered,
      looking: !loaded,
      ...state,
      testWallets: testWalletsOf(network),
      connect: async (choiceId) => (await engine()).connect(choiceId),
      takeTestWallet: async (address) => (await engine()).takeTestWallet(address),
      disconnect: async () => (await engine()).disconnect(),
      sign: async (data) => (await engine()).sign(data),
      signText: async (text) => (await engine()).signText(text),
      send: async (call, onState) => (await engine()).send(call, onState),
      sendAll: async (calls, onState, handed) => (await engine()).sendAll(calls, onState, handed),
      balanceOf: async (address) => (await engine()).balanceOf(address),
      readCourt: async () => (await engine()).readCourt(),
      readDraw: async (jurorEpoch, beaconRound) => (await engine()).readDraw(jurorEpoch, beaconRound),
      readRound: async (round) => (await engine()).readRound(round),
      readBeacon: async () => (await engine()).readBeacon(),
      tokenOn: async (chainId, token) => (await engine()).tokenOn(chainId, token),
      allowanceOn: async (chainId, token, spender) => (await engine()).allowanceOn(chainId, token, spender),
      permitOn: async (chainId, token) => (await engine()).permitOn(chainId, token),
      bundleCredit: async () => (await engine()).bundleCredit(),
      fund: async (chainId) => (await engine()).fund(chainId),
      ask: () => setAsking(true),
    }),
    [engine, loaded, network, remembered, state],
  );

  return (
    <WalletContext value={wallet}>
      {children}
      <ConnectDialog open={asking} onClose={() => setAsking(false)} />
    </WalletContext>
  );
}

async function open(onState: (state: WalletState) => void): Promise<WalletEngine> {
  const [network, { createEngine }] = await Promise.all([
    queryClient.ensureQueryData(networkQuery),
    import("./engine.ts"),
  ]);
  const made = createEngine(network, onState);
  await made.start();
  onState(made.read());
  return made;
}

const testWalletsOf = ({ hub, devAccounts }: Network) =>
  hub.local ? (devAccounts ?? []).map(({ name, address }) => ({ name, address })) : [];

/** Whether a wallet was connected when this browser was here last; the second name is wagmi's own. */
const wasConnected = (): boolean =>
  [STORED_TEST_WALLET, "wagmi.recentConnectorId"].some(
    (key) => (browserStore()?.getItem(key) ?? null) !== null,
  );
