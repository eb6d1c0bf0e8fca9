// Times are shown as the school's clock says them: read from the ISO text, never through the reader's own zone.

const DAYS = "日一二三四五六";

export function parts(iso) {
  const [, year, month, day, hour, minute] = iso.match(/^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/).map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const pad = (number) => String(number).padStart(2, "0");
  return {
    day: `${year}-${month}-${day}`,
    long: `${year}年${month}月${day}日 周${DAYS[weekday]}`,
    short: `${month}月${day}日 周${DAYS[weekday]}`,
    time: `${pad(hour)}:${pad(minute)}`,
    input: `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}`,
    minutes: Date.UTC(year, month - 1, day, hour, minute) / 60000,
  };
}

export const when = (iso) => { const at = parts(iso); return `${at.short} ${at.time}`; };
