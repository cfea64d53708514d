// Java reads the TIMESTAMP leniently and prints it anew before it is signed; hence one wrong form is a wrong parameter
// and another one a wrong password. Both are told apart here as the service was seen to.

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const shape = new RegExp(
  `^(?:${days.join('|')}) (${months.join('|')}) (\\d{1,2}) ([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d) UTC (\\d{4})$`,
);

/** `EEE MMM d HH:mm:ss UTC yyyy` in English, the day without a leading zero. */
export function formatTimestamp(ms: number): string {
  const at = new Date(ms);
  const day = `${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${at.getUTCDate()}`;
  return `${day} ${at.toISOString().slice(11, 19)} UTC ${at.getUTCFullYear()}`;
}

/** Milliseconds since the epoch, whatever weekday is named and with or without a leading zero; undefined for another shape. */
export function parseTimestamp(text: string): number | undefined {
  const [, month = '', ...numbers] = shape.exec(text) ?? [];
  const [day, hours, minutes, seconds, year] = numbers.map(Number);
  return year === undefined || day === undefined
    ? undefined
    : Date.UTC(year, months.indexOf(month), day, hours, minutes, seconds);
}
