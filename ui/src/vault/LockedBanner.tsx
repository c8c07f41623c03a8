import { openVault, useCommand } from "../host";
import { Banner, Button } from "../ui";

/** Whether secrets are locked while there is an organisation whose tokens they hold. */
export function useLockedOut(): boolean {
  const vault = useCommand("vault.status", {}).data;
  const organisations = useCommand("organisations.list", {}).data?.organisations;
  return vault?.state === "locked" && (organisations?.some((one) => one.consent.state === "granted" && one.environment.kind !== "demo") ?? false);
}

/** Says so over every page: until somebody unlocks them no token is renewed. */
export function LockedBanner() {
  return (
    <Banner tone="warn" edge title="Secrets are locked." actions={<Button onPress={() => void openVault()}>Unlock secrets…</Button>}>
      Until they are unlocked Patchbay renews no token and asks Webex nothing. What is on this computer can be read and prepared.
    </Banner>
  );
}
