import { DirectorySyncBanner } from "../directory_sync/DirectorySyncBanner";
import { DirectorySyncButton } from "../directory_sync/DirectorySyncButton";
import { Page, PageHead, useCurrentOrganisation } from "../shell/page";

export function ActivationPage() {
  const organisation = useCurrentOrganisation();
  return (
    <Page title="Activation" head={<PageHead title="Activation" actions={organisation ? <DirectorySyncButton organisation={organisation} /> : null} />}>
      {organisation ? <DirectorySyncBanner organisation={organisation} /> : null}
    </Page>
  );
}
