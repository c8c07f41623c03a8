// Three ways in: an organisation, the demo, or a CSV without any connection.

import { useNavigate } from "@tanstack/react-router";
import { FileSpreadsheet, Layers, Lock, Plug } from "lucide-react";
import type { ReactNode } from "react";
import { useState } from "react";
import { useOpenFiles } from "../bulk_assignments/openFiles";
import { type Failure, host, useAction } from "../host";
import { Page, usePreferences, useShortcuts } from "../shell/page";
import { Button, FailureNote, type Icon } from "../ui";
import styles from "./FirstRunPage.module.css";
import { JackField } from "./JackField";

function Way({ icon: IconShape, title, children, action }: { icon: Icon; title: string; children: ReactNode; action: ReactNode }) {
  return (
    <li className={styles.way}>
      <IconShape aria-hidden="true" />
      <div className="grow">
        <h2 className={styles.wayTitle}>{title}</h2>
        <p className="small soft">{children}</p>
      </div>
      <div className={styles.wayAction}>{action}</div>
    </li>
  );
}

export function FirstRunPage() {
  const navigate = useNavigate();
  const { change } = usePreferences();
  const demo = useAction("demo.open");
  const opening = useOpenFiles();
  const [picking, setPicking] = useState<Failure | null>(null);

  const addOrganisation = () => void navigate({ to: "/organisations/new" });
  const openDemo = async () => {
    const opened = await demo.run({});
    if (opened === null) return;
    await change({ organisation: opened.organisation });
    await navigate({ to: "/bulk" });
  };
  const chooseCsv = async () => {
    setPicking(null);
    const files = await host()
      .pickFiles()
      .catch(() => {
        setPicking({ code: "file", message: "The file could not be read. Choose it again.", field: null, retryable: false, trackingId: null });
        return [];
      });
    await opening.open(files);
  };

  useShortcuts([
    { keys: "N", label: "Add organisation", run: addOrganisation },
    { keys: "D", label: "Open demo", run: () => void openDemo() },
    { keys: "O", label: "Choose a CSV", run: () => void chooseCsv() },
  ]);
  const failure = demo.failure ?? opening.failure ?? picking;

  return (
    <Page title="Welcome" head={null}>
      <div className={`${styles.first} scroll`}>
        <div className={styles.inner}>
          <JackField />
          <h1 className={styles.title} tabIndex={-1}>
            Connect your first Webex organisation
          </h1>
          <p className={`${styles.lead} soft`}>Patchbay works from this computer and talks to Webex only after you sign in there. You can also start without a connection.</p>
          <ul className={styles.ways}>
            <Way
              icon={Plug}
              title="Add an organisation"
              action={
                <Button kind="primary" wide keys="N" onPress={addOrganisation}>
                  Add organisation
                </Button>
              }
            >
              You need the Organization ID from Control Hub and an administrator who can accept the permissions.
            </Way>
            <Way
              icon={Layers}
              title="Explore the demo organisation"
              action={
                <Button wide keys="D" busy={demo.busy} onPress={() => void openDemo()}>
                  Open demo
                </Button>
              }
            >
              Made-up users, a file with real mistakes, and every kind of failure. Nothing leaves this computer.
            </Way>
            <Way
              icon={FileSpreadsheet}
              title="Prepare a CSV offline"
              action={
                <Button wide keys="O" busy={opening.busy} onPress={() => void chooseCsv()}>
                  Choose a CSV
                </Button>
              }
            >
              Check and fix an assignment file now: up to 15,000 rows and 5&nbsp;MB. Connect later to run it.
            </Way>
          </ul>
          {failure ? (
            <div className={styles.failure}>
              <FailureNote failure={failure} />
            </div>
          ) : null}
          <p className={`cap ${styles.foot}`}>
            <Lock aria-hidden="true" />
            <span>Tokens and proxy passwords are stored encrypted, with a key from the system keychain or your passphrase.</span>
          </p>
        </div>
      </div>
    </Page>
  );
}
