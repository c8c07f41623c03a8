import { count } from "../format/number";
import { type Licence, type Organisation, useCommand } from "../host";
import { Dialog, FailureNote, LinkButton, Loading, Progress, StatusMark } from "../ui";
import { byNeed, licenceNames, supply, WARNING_RULE } from "./licences";
import styles from "./Overview.module.css";
import { Pane } from "./Pane";

const SHOWN = 4;

function left(licence: Licence): string {
  switch (supply(licence)) {
    case "unlimited":
      return "no limit";
    case "none_left":
      return "none left";
    default:
      return `${count(licence.available ?? 0)} left`;
  }
}

/** The same under a head that says what it is. */
function remaining({ total, consumed, available }: Licence): string {
  return total === null ? "no limit" : count(available ?? Math.max(0, total - consumed));
}

function Bar({ licence, name }: { licence: Licence; name: string }) {
  const how = supply(licence);
  const marked = how === "short" || how === "none_left";
  const tone = how === "none_left" ? "bad" : "warn";
  return (
    <li>
      <div className={styles.licenceTop}>
        {marked ? <StatusMark shape={how === "none_left" ? "bad" : "warn"} tone={tone} size={12} /> : null}
        <span className="clip" title={name}>
          {name}
        </span>
        <span className={`cap num ${marked ? (how === "none_left" ? "t-bad" : "t-warn") : ""}`}>{left(licence)}</span>
        <span className="num push">
          <span className="strong">{count(licence.consumed)}</span> <span className="muted">{licence.total === null ? "used" : `of ${count(licence.total)}`}</span>
        </span>
      </div>
      <Progress label={licence.total === null ? `${count(licence.consumed)} used, no limit` : `${count(licence.consumed)} of ${count(licence.total)} used`} parts={[{ value: licence.consumed, tone: marked ? tone : "accent" }]} total={licence.total} />
    </li>
  );
}

/** Every licence of the organisation in numbers. */
export function LicencesDialog({ organisation, onClose }: { organisation: Organisation; onClose: () => void }) {
  const { data, error, refetch } = useCommand("mirror.licences", { organisation: organisation.id });
  const licences = data?.licences.toSorted(byNeed) ?? [];
  const bySubscription = licences.some((one) => one.subscription !== null);
  return (
    <Dialog title={`Licences of ${organisation.name}`} size="huge" dismissable onClose={onClose}>
      {error ? <FailureNote failure={error} onRetry={() => void refetch()} /> : data === undefined ? <Loading what="licences" /> : null}
      {data && licences.length === 0 ? <p>No licence is known. Sync with Webex to read them.</p> : null}
      {licences.length > 0 ? (
        <>
          <p>Marked: {WARNING_RULE}. As Webex told it at the last sync; it counts used licences with some delay.</p>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className={styles.tableBox} tabIndex={0} role="group" aria-label="All licences">
            <table className={styles.table}>
              <caption className="sr">All licences</caption>
              <thead>
                <tr>
                  <th scope="col">Licence</th>
                  {bySubscription ? <th scope="col">Subscription</th> : null}
                  <th scope="col" className={styles.number}>
                    Used
                  </th>
                  <th scope="col" className={styles.number}>
                    Of
                  </th>
                  <th scope="col" className={styles.number}>
                    Left
                  </th>
                </tr>
              </thead>
              <tbody>
                {licences.map((licence) => {
                  const how = supply(licence);
                  return (
                    <tr key={licence.id}>
                      <th scope="row">{licence.name}</th>
                      {bySubscription ? <td className="soft break">{licence.subscription ?? "none"}</td> : null}
                      <td className={styles.number}>{count(licence.consumed)}</td>
                      <td className={styles.number}>{licence.total === null ? "no limit" : count(licence.total)}</td>
                      <td className={styles.number}>
                        {how === "short" || how === "none_left" ? (
                          <span className={`row ${styles.marked} ${how === "short" ? "t-warn" : "t-bad"}`}>
                            <StatusMark shape={how === "short" ? "warn" : "bad"} tone={how === "short" ? "warn" : "bad"} size={12} />
                            {remaining(licence)}
                          </span>
                        ) : (
                          remaining(licence)
                        )}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </>
      ) : null}
    </Dialog>
  );
}

/** The licences that are looked at first. */
export function LicenceBars({ organisation, onAll }: { organisation: Organisation; onAll: () => void }) {
  const { data, error, refetch } = useCommand("mirror.licences", { organisation: organisation.id });
  const licences = data?.licences.toSorted(byNeed) ?? [];
  const names = licenceNames(licences);
  const shown = licences.slice(0, SHOWN);
  return (
    <Pane title="Licences" right note={licences.length === 0 ? undefined : `${licences.length > SHOWN ? `${SHOWN} of ${count(licences.length)}, ` : ""}marked: ${WARNING_RULE}`} link={licences.length > 0 ? <LinkButton onPress={onAll}>Show all<span className="sr"> licences</span></LinkButton> : undefined}>
      {error ? <FailureNote failure={error} organisation={organisation.id} onRetry={() => void refetch()} /> : null}
      {data === undefined && !error ? <Loading what="licences" /> : null}
      {data && licences.length === 0 ? <p className="small soft">No licence is known. Refresh this page to read them from Webex.</p> : null}
      <ul className={styles.licences}>
        {shown.map((licence) => (
          <Bar key={licence.id} licence={licence} name={names.get(licence.id) ?? licence.name} />
        ))}
      </ul>
    </Pane>
  );
}
