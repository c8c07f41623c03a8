import { usePreferences } from "../shell/page";
import { SelectField } from "../ui";

const HOURS = [1, 3, 6, 12, 24, 48, 168] as const;

function words(hours: number): string {
  if (hours === 0) return "Never by itself";
  if (hours % 24 === 0) return hours === 24 ? "Every day" : hours === 168 ? "Every week" : `Every ${hours / 24} days`;
  return hours === 1 ? "Every hour" : `Every ${hours} hours`;
}

/** How often the copies of organisations are renewed when nobody asks. */
export function CopyInterval({ hours }: { hours: number }) {
  const { change } = usePreferences();
  const offered = [...new Set<number>([0, ...HOURS, hours])].toSorted((a, b) => a - b);
  return (
    <SelectField label="Renew local copies" value={String(hours)} onChange={(event) => void change({ syncEveryHours: Number(event.target.value) })} hint="People, licences, roles, locations and numbers of every connected organisation, spread over the time">
      {offered.map((one) => (
        <option key={one} value={one}>
          {words(one)}
        </option>
      ))}
    </SelectField>
  );
}
