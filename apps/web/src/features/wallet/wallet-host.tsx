import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { networkQuery } from "../../queries.ts";
import { ConnectDialog } from "./connect-dialog.tsx";
import type { WalletEngine, WalletState } from "./engine.ts";
import { WalletContext, type Wallet } from "./wallet-context.tsx";
import { WalletError } from "./wallet-error.ts";

const EMPTY: WalletState = { account: undefined, choices: [], testWallets: [] };

/** Loads the wallet libraries once the network is known, and offers them to every page below. */
export function WalletHost({ children }: { children: ReactNode }) {
  const network = useQuery(networkQuery).data;
  const [engine, setEngine] = useState<WalletEngine>();
  const [state, setState] = useState(EMPTY);
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    if (!network) return undefined;
    let stop: (() => void) | undefined;
    let gone = false;
    const load = async () => {
      const { createEngine } = await import("./engine.ts");
      if (gone) return;
      const made = createEngine(network, setState);
      stop = made.stop;
      await made.start();
      setState(made.read());
      setEngine(made);
    };
    void load();
    return () => {
      gone = true;
      stop?.();
    };
  }, [network]);

  const wallet = useMemo<Wallet>(() => {
    const need = (): WalletEngine => {
      if (!engine) throw WalletError.not_ready({});
      return engine;
    };
    return {
      ready: engine !== undefined,
      ...state,
      connect: async (choiceId) => need().connect(choiceId),
      takeTestWallet: async (address) => need().takeTestWallet(address),
      disconnect: async () => need().disconnect(),
      sign: async (data) => need().sign(data),
      send: async (call, onState) => need().send(call, onState),
      balanceOf: async (address) => need().balanceOf(address),
      readCourt: async () => need().readCourt(),
      readDraw: async (jurorEpoch, beaconRound) => need().readDraw(jurorEpoch, beaconRound),
      fund: async () => need().fund(),
      ask: () => setAsking(true),
    };
  }, [engine, state]);

  return (
    <WalletContext value={wallet}>
      {children}
      <ConnectDialog open={asking} onClose={() => setAsking(false)} />
    </WalletContext>
  );
}
