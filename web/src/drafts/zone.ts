// Times on the clocks of a zone, whatever zone the device is in: as <input type="datetime-local"> holds them, and as instants.

/** "2026-05-04T13:20" there as "2026-05-04T11:20:00.000Z"; what is no time stays as it is. */
export function instant(local: string, zone: string): string {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) {
    return local;
  }
  const about = asUtc - offset(asUtc, zone);
  return new Date(asUtc - offset(about, zone)).toISOString(); // Twice: a change of clocks may lie between.
}

/** The other way; what is no instant stays as it is. */
export function localTime(at: string, zone: string): string {
  const instant = Date.parse(at);
  return Number.isNaN(instant) ? at : new Date(instant + offset(instant, zone)).toISOString().slice(0, 16);
}

/** Milliseconds by which the clocks of a zone are ahead of UTC at an instant. */
function offset(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  });
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - Math.floor(at / 1000) * 1000;
}
